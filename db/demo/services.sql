insert into market.service (service_id, code, category, name_bn, name_en, price_poisha, duration_minutes)
select pg_temp.id_of('service', v.code), v.code, v.category, normalize(v.name_bn, nfc), v.name_en, v.taka * 100, v.minutes
from (values
  ('home_cleaning', 'cleaning', 'বাসা পরিষ্কার', 'Home cleaning', 1200, 180),
  ('sofa_cleaning', 'cleaning', 'সোফা পরিষ্কার', 'Sofa cleaning', 1500, 120),
  ('tank_cleaning', 'cleaning', 'পানির ট্যাংক পরিষ্কার', 'Water tank cleaning', 1800, 120),
  ('beauty_facial', 'beauty', 'ফেসিয়াল', 'Facial at home', 1400, 75),
  ('beauty_hair', 'beauty', 'চুলের যত্ন', 'Hair care at home', 1100, 60),
  ('barber_home', 'barber', 'বাসায় চুল কাটা', 'Haircut at home', 450, 40),
  ('electrical_visit', 'electrical', 'ইলেকট্রিক কাজ', 'Electrical work', 600, 60),
  ('fan_service', 'electrical', 'ফ্যান সার্ভিসিং', 'Fan servicing', 400, 45),
  ('plumbing_visit', 'plumbing', 'পানির লাইনের কাজ', 'Plumbing', 700, 60),
  ('fridge_service', 'appliance', 'ফ্রিজ সার্ভিসিং', 'Fridge servicing', 1300, 90),
  ('washer_service', 'appliance', 'ওয়াশিং মেশিন সার্ভিসিং', 'Washing machine servicing', 1250, 90),
  ('ac_service', 'ac', 'এসি সার্ভিসিং', 'AC servicing', 1600, 90),
  ('ac_gas', 'ac', 'এসির গ্যাস ভরা', 'AC gas refill', 3200, 90),
  ('pest_general', 'pest_control', 'পোকামাকড় দমন', 'Pest control', 1900, 90),
  ('room_painting', 'painting', 'ঘর রং করা', 'Room painting', 6500, 420),
  ('cook_visit', 'cooking', 'রান্নার সহায়তা', 'Cooking help', 900, 150)
) as v (code, category, name_bn, name_en, taka, minutes);

-- How often people come back for each, and how many want it at all; only the generator knows.
create temp table habit on commit drop as
select s.service_id, s.code, s.category, s.duration_minutes, s.price_poisha, v.period, v.weight
from (values
  ('home_cleaning', 15, 26), ('sofa_cleaning', 75, 5), ('tank_cleaning', 110, 6), ('beauty_facial', 30, 14), ('beauty_hair', 38, 8),
  ('barber_home', 23, 16), ('electrical_visit', 80, 7), ('fan_service', 120, 3), ('plumbing_visit', 85, 7), ('fridge_service', 130, 3),
  ('washer_service', 110, 3), ('ac_service', 90, 10), ('ac_gas', 170, 2), ('pest_general', 62, 8), ('room_painting', 240, 1),
  ('cook_visit', 8, 4)
) as v (code, period, weight)
join market.service s on s.code = v.code;

insert into market.add_on (add_on_id, service_id, code, name_bn, name_en, price_poisha)
select pg_temp.id_of('add_on', v.code), h.service_id, v.code, normalize(v.name_bn, nfc), v.name_en, v.taka * 100
from (values
  ('home_cleaning', 'window_cleaning', 'জানালা পরিষ্কার', 'Window cleaning', 300),
  ('home_cleaning', 'kitchen_deep', 'রান্নাঘরের গভীর পরিষ্কার', 'Deep kitchen cleaning', 500),
  ('home_cleaning', 'bathroom_deep', 'বাথরুমের গভীর পরিষ্কার', 'Deep bathroom cleaning', 450),
  ('sofa_cleaning', 'carpet_cleaning', 'কার্পেট পরিষ্কার', 'Carpet cleaning', 700),
  ('sofa_cleaning', 'cushion_cleaning', 'কুশন পরিষ্কার', 'Cushion cleaning', 250),
  ('tank_cleaning', 'water_test', 'পানি পরীক্ষা', 'Water test', 350),
  ('tank_cleaning', 'pipe_flush', 'পাইপ ধোয়া', 'Pipe flushing', 400),
  ('beauty_facial', 'manicure', 'হাতের যত্ন', 'Manicure', 400),
  ('beauty_facial', 'pedicure', 'পায়ের যত্ন', 'Pedicure', 450),
  ('beauty_hair', 'hair_oil', 'তেল মালিশ', 'Oil massage', 250),
  ('beauty_hair', 'henna', 'মেহেদি', 'Henna', 350),
  ('barber_home', 'shave', 'শেভ', 'Shave', 120),
  ('barber_home', 'head_massage', 'মাথা মালিশ', 'Head massage', 150),
  ('electrical_visit', 'safety_check', 'বিদ্যুৎ নিরাপত্তা পরীক্ষা', 'Electrical safety check', 300),
  ('electrical_visit', 'bulb_change', 'বাল্ব বদল', 'Bulb change', 100),
  ('fan_service', 'fan_cleaning', 'ফ্যান পরিষ্কার', 'Fan cleaning', 120),
  ('fan_service', 'regulator_change', 'রেগুলেটর বদল', 'Regulator change', 200),
  ('plumbing_visit', 'drain_cleaning', 'ড্রেন পরিষ্কার', 'Drain cleaning', 350),
  ('plumbing_visit', 'tap_change', 'কল বদল', 'Tap change', 150),
  ('fridge_service', 'fridge_cleaning', 'ফ্রিজ পরিষ্কার', 'Fridge cleaning', 300),
  ('fridge_service', 'door_seal', 'দরজার রাবার বদল', 'Door seal change', 400),
  ('washer_service', 'drum_cleaning', 'ড্রাম পরিষ্কার', 'Drum cleaning', 350),
  ('washer_service', 'hose_change', 'পাইপ বদল', 'Hose change', 250),
  ('ac_service', 'filter_wash', 'ফিল্টার ধোয়া', 'Filter wash', 250),
  ('ac_service', 'outdoor_unit', 'বাইরের ইউনিট পরিষ্কার', 'Outdoor unit cleaning', 450),
  ('ac_gas', 'leak_test', 'লিক পরীক্ষা', 'Leak test', 300),
  ('ac_gas', 'filter_change', 'ফিল্টার বদল', 'Filter change', 350),
  ('pest_general', 'termite', 'উইপোকা দমন', 'Termite treatment', 800),
  ('pest_general', 'mosquito', 'মশা দমন', 'Mosquito treatment', 400),
  ('room_painting', 'wall_repair', 'দেয়াল মেরামত', 'Wall repair', 900),
  ('room_painting', 'furniture_cover', 'আসবাব ঢাকা', 'Furniture covering', 300),
  ('cook_visit', 'market_run', 'বাজার করা', 'Shopping for food', 200),
  ('cook_visit', 'dish_washing', 'থালাবাসন ধোয়া', 'Dish washing', 150)
) as v (service, code, name_bn, name_en, taka)
join habit h on h.code = v.service;
