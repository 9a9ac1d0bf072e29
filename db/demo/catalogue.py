"""The services of the made-up marketplace, and how often its customers return for each."""

from __future__ import annotations

from dataclasses import dataclass
from unicodedata import normalize

#: Parts of Dhaka that workers serve.
AREAS = (
    "uttara", "mirpur", "dhanmondi", "gulshan", "banani", "bashundhara", "mohammadpur", "badda", "rampura", "khilgaon",
    "motijheel", "shyamoli", "tejgaon", "wari", "malibagh", "lalmatia",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class AddOn:
    code: str
    name_bn: str
    name_en: str
    taka: int


@dataclass(frozen=True, slots=True)
class Service:
    """`every`: days between visits of a typical customer; `regular`: whether they keep a rhythm (repairs have none)."""

    code: str
    category: str
    name_bn: str
    name_en: str
    taka: int
    minutes: int
    every: int
    regular: bool
    popularity: int
    hours: tuple[int, ...]  # at which people like to have it, local time
    add_ons: tuple[AddOn, ...]


MORNING = (9, 10, 10, 11, 11, 12)
DAYTIME = (9, 10, 11, 12, 14, 15, 16)
AFTERNOON = (11, 12, 14, 15, 16, 17)
EVENING = (10, 11, 16, 17, 18, 19)


def _service(
    code: str, category: str, names: tuple[str, str], price: tuple[int, int], rhythm: tuple[int, bool, int],
    hours: tuple[int, ...], *extras: tuple[str, str, str, int],
) -> Service:  # fmt: skip
    taka, minutes = price
    every, regular, popularity = rhythm
    add_ons = tuple(AddOn(f"{code}_{name}", normalize("NFC", bn), en, extra) for name, bn, en, extra in extras)
    return Service(
        code, category, normalize("NFC", names[0]), names[1], taka, minutes, every, regular, popularity, hours, add_ons
    )


SERVICES = (
    _service("home_cleaning", "cleaning", ("বাসা পরিষ্কার", "Home cleaning"), (1500, 180), (14, True, 10), MORNING,
             ("fridge", "ফ্রিজ পরিষ্কার", "Fridge cleaning", 300),
             ("window", "জানালা পরিষ্কার", "Window cleaning", 400),
             ("ironing", "কাপড় ইস্ত্রি", "Ironing", 350)),
    _service("deep_cleaning", "cleaning", ("ডিপ ক্লিনিং", "Deep cleaning"), (4500, 300), (75, True, 6), MORNING,
             ("kitchen", "চিমনি ও রান্নাঘর", "Kitchen and hood", 900),
             ("balcony", "বারান্দা পরিষ্কার", "Balcony cleaning", 400)),
    _service("bathroom_cleaning", "cleaning", ("বাথরুম পরিষ্কার", "Bathroom cleaning"),
             (800, 90), (21, True, 9), MORNING,
             ("second", "আরেকটি বাথরুম", "Second bathroom", 500),
             ("tiles", "টাইলসের দাগ পরিষ্কার", "Tile stain removal", 300)),
    _service("sofa_cleaning", "cleaning", ("সোফা ও কার্পেট পরিষ্কার", "Sofa and carpet cleaning"),
             (1800, 120), (100, True, 3), DAYTIME,
             ("mattress", "ম্যাট্রেস পরিষ্কার", "Mattress cleaning", 700),
             ("curtain", "পর্দা পরিষ্কার", "Curtain cleaning", 600)),
    _service("tank_cleaning", "cleaning", ("পানির ট্যাংক পরিষ্কার", "Water tank cleaning"),
             (1600, 120), (120, True, 3), MORNING,
             ("underground", "নিচের রিজার্ভার", "Underground reservoir", 1200),
             ("test", "পানি পরীক্ষা", "Water test", 500)),
    _service("facial", "beauty", ("ফেসিয়াল", "Facial at home"), (1200, 75), (28, True, 9), AFTERNOON,
             ("threading", "ভ্রু প্লাক", "Eyebrow threading", 100), ("manicure", "ম্যানিকিওর", "Manicure", 500),
             ("pedicure", "পেডিকিওর", "Pedicure", 600)),
    _service("hair_care", "beauty", ("চুলের যত্ন", "Hair care at home"), (1500, 90), (35, True, 6), AFTERNOON,
             ("henna", "মেহেদি", "Henna", 400), ("trim", "চুলের ট্রিম", "Hair trim", 250)),
    _service("waxing", "beauty", ("ওয়াক্সিং", "Waxing at home"), (900, 60), (28, True, 4), AFTERNOON,
             ("threading", "ভ্রু প্লাক", "Eyebrow threading", 100), ("polish", "বডি পলিশ", "Body polish", 900)),
    _service("haircut", "barber", ("হেয়ারকাট", "Haircut at home"), (400, 45), (24, True, 10), EVENING,
             ("beard", "বিয়ার্ড ট্রিম", "Beard trim", 150), ("massage", "মাথা ম্যাসাজ", "Head massage", 200),
             ("child", "বাচ্চার হেয়ারকাট", "Haircut for a child", 300)),
    _service("shave_and_trim", "barber", ("শেভ ও বিয়ার্ড ট্রিম", "Shave and beard trim"),
             (250, 30), (12, True, 3), EVENING,
             ("facial", "ফেস ক্লিনআপ", "Face clean-up", 350), ("colour", "চুলের রং", "Hair colour", 500)),
    _service("ac_service", "ac", ("এসি সার্ভিসিং", "AC servicing"), (1200, 90), (90, True, 8), DAYTIME,
             ("second", "আরেকটি এসি", "Second AC", 1000), ("gas", "গ্যাস রিফিল", "Gas refill", 2500)),
    _service("ac_repair", "ac", ("এসি মেরামত", "AC repair"), (1800, 120), (150, False, 3), DAYTIME,
             ("gas", "গ্যাস রিফিল", "Gas refill", 2500),
             ("cover", "আউটডোর ইউনিট পরিষ্কার", "Outdoor unit cleaning", 700)),
    _service("electrical_work", "electrical", ("ইলেকট্রিকের কাজ", "Electrical work"),
             (700, 60), (80, False, 6), EVENING,
             ("fan", "ফ্যান ফিটিং", "Fan installation", 300),
             ("light", "বাল্ব ও লাইট ফিটিং", "Light installation", 200)),
    _service("plumbing_work", "plumbing", ("প্লাম্বিংয়ের কাজ", "Plumbing work"), (800, 75), (90, False, 5), EVENING,
             ("tap", "কল বদল", "Tap replacement", 250), ("drain", "লাইন পরিষ্কার", "Drain cleaning", 500)),
    _service("filter_service", "plumbing", ("পানির ফিল্টার সার্ভিসিং", "Water filter servicing"),
             (700, 45), (60, True, 4), DAYTIME,
             ("cartridge", "ফিল্টার কার্ট্রিজ", "Filter cartridge", 600),
             ("kitchen", "রান্নাঘরের কল পরীক্ষা", "Kitchen tap check", 150)),
    _service("appliance_repair", "appliance", ("ফ্রিজ ও ওয়াশিং মেশিন মেরামত", "Fridge and washing machine repair"),
             (1500, 90), (160, False, 3), DAYTIME,
             ("visit", "যন্ত্র পরীক্ষা", "Full check-up", 300), ("pipe", "পাইপ বদল", "Hose replacement", 400)),
    _service("stove_service", "appliance", ("গ্যাসের চুলা সার্ভিসিং", "Gas stove servicing"),
             (600, 45), (75, True, 3), DAYTIME,
             ("burner", "বার্নার বদল", "Burner replacement", 450),
             ("leak", "গ্যাস লাইন পরীক্ষা", "Gas line check", 300)),
    _service("pest_control", "pest_control", ("পোকামাকড় দমন", "Pest control"), (2200, 120), (60, True, 5), MORNING,
             ("bedbug", "ছারপোকা দমন", "Bedbug treatment", 900), ("mosquito", "মশা দমন", "Mosquito treatment", 600)),
    _service("room_painting", "painting", ("ঘরের রং", "Room painting"), (9000, 480), (300, False, 1), (9, 10),
             ("putty", "দেয়ালের পুটি", "Putty work", 3000), ("door", "দরজার রং", "Door painting", 1500)),
    _service("home_cook", "cooking", ("বাসায় রান্না", "Cooking at home"),
             (1200, 180), (7, True, 3), (9, 10, 11, 16, 17),
             ("shopping", "বাজারসদাই", "Grocery shopping", 300),
             ("guests", "অতিথি আপ্যায়ন", "Cooking for guests", 800)),
)  # fmt: skip
