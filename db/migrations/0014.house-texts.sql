-- depends: 0013.defaults
-- House texts: sent whenever no model has written one, or none that passes. Reminders exist for every category of service.
-- Three variants differ in their thought: a the reader's own rhythm, b what it makes easier, c planning ahead, with a day.
-- Written to be read aloud; each passes text.faults_on_channel (a test). From 1.0.0 on, a better text is a new version.

-- Reminders in Bengali.
insert into text.template
  (template_id, kind, category, language, form, variant, origin, subject, body, add_on_line, created_at, approved_by, approved_at)
select
  ('00000000-0000-7000-8000-0000000' || t.no)::uuid, 'reminder', t.category, 'bn', 'long', t.variant, 'house', t.subject, t.body,
    t.add_on_line,
  '2026-11-23 00:00+06', 'house', '2026-11-23 00:00+06'
from (values
  (10001, null, 'a', '{service}: আবার সময় হয়ে এল?',
'{address},

আবার {service} দরকার হওয়ার সময় বোধহয় কাছে এসেছে। সুবিধামতো একটা দিন বেছে রাখতে পারেন।
{add_on_line}

এখান থেকে বুক করা যাবে:
{link}

এখন দরকার না হলে কিছুই করতে হবে না।
এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}',
'চাইলে একই সঙ্গে {add_on} যোগ করতে পারেন।'),
  (10002, null, 'b', '{service}: বুকিং পাতা তৈরি আছে',
'{address},

গতবারের {service} আশা করি ভালো কাজে লেগেছে। আবার সময় হয়ে থাকলে নতুন করে কিছু লিখতে হবে না। বুকিং পাতায় সবকিছু আগেই বসানো আছে।
{add_on_line}

একবার দেখে নিতে পারেন:
{link}

সময়টা না মিললে নিজের মতো বদলে নেবেন।
এসব মনে করানো বন্ধ রাখতে চাইলে: {stop_link}',
'সঙ্গে {add_on} লাগলে সেখানেই বেছে নিন।'),
  (10003, null, 'c', '{service} কোন দিন হলে সুবিধা হয়?',
'{address},

ব্যস্ততার মধ্যে ছোট কাজগুলো মাথা থেকে সরে যায়। {service} আগে থেকে ঠিক থাকলে নিশ্চিন্ত লাগে। সময়টা কাছে বলে একটা দিন ভেবে রেখেছি: {date}।
{add_on_line}

দিনটা রাখতে বা বদলাতে:
{link}

আপনার সুবিধাটাই আমাদের কাছে বড়।
আর বার্তা না পেতে চাইলে এখানে চাপুন: {stop_link}',
'সেদিন সঙ্গে {add_on} নেওয়াও সম্ভব।'),
  (10004, 'cleaning', 'a', '{service}: দিনটা বোধহয় কাছে',
'{address},

{service} করানোর সময় বোধহয় আবার এল। নিজের নিয়মটা ধরে রাখতে চাইলে একটা দিন বেছে নিন। আমাদের কর্মী গুছিয়ে কাজটা করে দেবেন।
{add_on_line}

বুক করতে এখানে চাপুন:
{link}

এখন দরকার না হলে পরে দেখলেও চলবে।
এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}',
'চাইলে সঙ্গে {add_on} যোগ করতে পারেন।'),
  (10005, 'cleaning', 'b', 'ছুটির দিনটা বিশ্রামে কাটুক',
'{address},

সারা সপ্তাহ খাটুনির পর ঘর গোছাতে ইচ্ছে করে না। আবার {service} আমাদের হাতে ছেড়ে দেওয়ার সময় এল কি? আপনি বিশ্রাম নিন, কাজটা আমরা যত্নে করব।
{add_on_line}

সময় বেছে নিন এখানে:
{link}

যেদিন আপনার সুবিধা, সেদিনই আমরা আসব।
এসব মনে করানো বন্ধ রাখতে চাইলে: {stop_link}',
'একই দিনে {add_on} করিয়ে নেওয়াও সম্ভব।'),
  (10006, 'cleaning', 'c', '{service}: একটা দিন ভেবে রেখেছি',
'{address},

বাসায় অতিথি আসার আগে তাড়াহুড়া ভালো লাগে না। আগেভাগে {service} সেরে রাখলে মন হালকা থাকে। সময়টা কাছে বলে একটা দিন ভেবে রেখেছি: {date}।
{add_on_line}

দিনটা দেখে নিন:
{link}

না মিললে সহজেই বদলে নিতে পারবেন।
আর বার্তা না পেতে চাইলে এখানে চাপুন: {stop_link}',
'{add_on} লাগলে সেটিও তখন হয়ে যাবে।'),
  (10007, 'beauty', 'a', '{service}: নিজের যত্নের সময়',
'{address},

নিজের যত্নের দিনটা মনে হচ্ছে আবার কাছে এল। ঘরে বসেই {service} নিতে পারেন। সময় জানালে আমাদের বিউটিশিয়ান পৌঁছে যাবেন।
{add_on_line}

পছন্দের সময়টা এখানে দিন:
{link}

এবার দরকার না হলে কিছুই করতে হবে না।
এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}',
'চাইলে সঙ্গে {add_on} যোগ করতে পারেন।'),
  (10008, 'beauty', 'b', 'একটু সময় শুধু নিজের জন্য',
'{address},

সবার খেয়াল রাখতে গিয়ে নিজের সময়টা কমে যায়। আবার একটু অবসর নিজের জন্য রাখার সময় বোধহয় এল। {service} হবে আপনার ঘরেই, আপনার সুবিধামতো।
{add_on_line}

এখান থেকে বুক করুন:
{link}

আপনার দিনটা সুন্দর কাটুক।
এসব মনে করানো বন্ধ রাখতে চাইলে: {stop_link}',
'সেই সময়েই {add_on} নেওয়া যাবে।'),
  (10009, 'beauty', 'c', '{service} আগে থেকে ঠিক থাকুক',
'{address},

সামনের ব্যস্ত দিনগুলোর আগে একটু প্রস্তুতি ভালো। {service} সেরে রাখলে শেষ মুহূর্তে তাড়া থাকে না। সময়টা কাছে বলে একটা দিন ভেবে রেখেছি: {date}।
{add_on_line}

দিনটা রাখতে বা বদলাতে:
{link}

কোন সময়ে স্বস্তি পাবেন, সেটাই আসল।
আর বার্তা না পেতে চাইলে এখানে চাপুন: {stop_link}',
'সঙ্গে {add_on} চাইলে টিক দিয়ে দিন।'),
  (10010, 'barber', 'a', '{service}: আবার সময় হলো কি?',
'{address},

পরিপাটি হওয়ার দিনটা বোধহয় আবার এল। এবারের {service} বাসাতেই হতে পারে। সময় জানালে আমাদের কর্মী পৌঁছে যাবেন।
{add_on_line}

বুক করতে এখানে চাপুন:
{link}

এখন দরকার না হলে পরে দেখলেও চলবে।
এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}',
'চাইলে সঙ্গে {add_on} যোগ করতে পারেন।'),
  (10011, 'barber', 'b', 'অপেক্ষা ছাড়াই {service}',
'{address},

সেলুনে বসে অপেক্ষায় অনেকটা সময় চলে যায়। সেই সময়টা বাসায় আরামে কাটাতে পারেন। আবার সময় হয়ে এলে {service} হোক বাসাতেই।
{add_on_line}

সময় বেছে নিন এখানে:
{link}

আপনার সুবিধার সময়টাই আমাদের সময়।
এসব মনে করানো বন্ধ রাখতে চাইলে: {stop_link}',
'একই বসায় {add_on} সেরে নিতে পারেন।'),
  (10012, 'barber', 'c', '{service}: সামনের দিনগুলোর আগে',
'{address},

পরিপাটি চুলে দিনের শুরুটাই ভালো লাগে। {service} তাই আগেভাগে ঠিক করে রাখা যায়। সময়টা কাছে বলে একটা দিন ভেবে রেখেছি: {date}।
{add_on_line}

দিনটা দেখে নিন:
{link}

অন্য দিন হলেও আমাদের কোনো অসুবিধা নেই।
আর বার্তা না পেতে চাইলে এখানে চাপুন: {stop_link}',
'সঙ্গে {add_on} লাগলে বেছে নিন।'),
  (10013, 'electrical', 'a', '{service}: একবার দেখিয়ে নেবেন?',
'{address},

বাসার বিদ্যুতের কাজ মাঝে মাঝে দেখিয়ে নেওয়া ভালো। {service} করানোর সময়টা মনে হয় এসে গেছে। সুবিধার সময় বললে আমাদের ইলেকট্রিশিয়ান আসবেন।
{add_on_line}

বুক করতে এখানে চাপুন:
{link}

সব ঠিক থাকলে এবার এড়িয়ে গেলেই হলো।
এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}',
'চাইলে সঙ্গে {add_on} যোগ করতে পারেন।'),
  (10014, 'electrical', 'b', 'ছোট কাজগুলো একসঙ্গে সেরে ফেলুন',
'{address},

সুইচ, বাল্ব বা ফ্যানের ছোট কাজ এতদিনে জমে থাকতে পারে। আবার {service} নিলে একসঙ্গেই সব দেখিয়ে নেওয়া যায়। কী কী দেখাবেন, আগে টুকে রাখলে সুবিধা হবে।
{add_on_line}

এখান থেকে বুক করুন:
{link}

তাড়া নেই, আপনার সুবিধামতো সময় দিন।
এসব মনে করানো বন্ধ রাখতে চাইলে: {stop_link}',
'{add_on} লাগলে সেটিও একসঙ্গে হয়ে যাবে।'),
  (10015, 'electrical', 'c', '{service}: কবে থাকছেন বাসায়?',
'{address},

বাসায় থাকার দিনেই বিদ্যুতের কাজ করানো সুবিধার। {service} তেমন একটা দিনে রাখতে পারেন। সময়টা কাছে বলে একটা দিন ভেবে রেখেছি: {date}।
{add_on_line}

দিনটা রাখতে বা বদলাতে:
{link}

না মিললে অন্য দিন বেছে নিন।
আর বার্তা না পেতে চাইলে এখানে চাপুন: {stop_link}',
'সেদিন সঙ্গে {add_on} নেওয়াও সম্ভব।'),
  (10016, 'plumbing', 'a', '{service}: সময়টা মনে করিয়ে দিলাম',
'{address},

পানির লাইন নিয়ম করে দেখালে নিশ্চিন্ত থাকা যায়। {service} করানোর সময় মনে হচ্ছে আবার এসেছে। সময় জানালে আমাদের প্লাম্বার বাসায় আসবেন।
{add_on_line}

বুক করতে এখানে চাপুন:
{link}

সব ঠিক থাকলে এবার কিছুই করতে হবে না।
এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}',
'চাইলে সঙ্গে {add_on} যোগ করতে পারেন।'),
  (10017, 'plumbing', 'b', 'পানির কাজ নিয়ে নিশ্চিন্ত থাকুন',
'{address},

পানির ছোটখাটো কাজ নিয়ে ভাবতে কারও ভালো লাগে না। {service} করিয়ে নিলে সেই ভাবনাটুকু থাকে না। আবার সময় হলে কাজটা আমাদের প্লাম্বারের হাতে ছেড়ে দিন।
{add_on_line}

সময় বেছে নিন এখানে:
{link}

কাজ শেষে সব ঠিক আছে কি না দেখে নেবেন।
এসব মনে করানো বন্ধ রাখতে চাইলে: {stop_link}',
'{add_on} লাগলে একই দিনে হয়ে যাবে।'),
  (10018, 'plumbing', 'c', '{service} কোন দিন হলে ভালো হয়?',
'{address},

পানির কাজে লাইন কিছুক্ষণ বন্ধ রাখতে হতে পারে। তাই {service} আগে থেকে ঠিক করা সুবিধার। সময়টা কাছে বলে একটা দিন ভেবে রেখেছি: {date}।
{add_on_line}

দিনটা দেখে নিন:
{link}

বদলাতে চাইলে সেখানেই বদলানো যাবে।
আর বার্তা না পেতে চাইলে এখানে চাপুন: {stop_link}',
'সেদিন সঙ্গে {add_on} নেওয়াও সম্ভব।'),
  (10019, 'appliance', 'a', '{service}: আবার সময় হয়ে এল?',
'{address},

ঘরের যন্ত্রগুলোরও মাঝে মাঝে একটু যত্ন লাগে। {service} করানোর সময় বোধহয় ঘুরে এল। টেকনিশিয়ান আসবেন আপনার সুবিধার সময়ে।
{add_on_line}

বুক করতে এখানে চাপুন:
{link}

যন্ত্র ভালো চললে পরে দেখলেও চলবে।
এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}',
'চাইলে সঙ্গে {add_on} যোগ করতে পারেন।'),
  (10020, 'appliance', 'b', 'যন্ত্র ভালো থাকলে কাজ হালকা',
'{address},

যন্ত্র ঠিকমতো চললে সংসারের কাজ অনেক হালকা লাগে। আবার দেখানোর সময়টা মনে হয় এসে গেছে। বাসায় বসেই {service} করিয়ে নিতে পারেন।
{add_on_line}

সময় বেছে নিন এখানে:
{link}

ছোট কোনো অসুবিধাও টেকনিশিয়ানকে বলতে পারেন।
এসব মনে করানো বন্ধ রাখতে চাইলে: {stop_link}',
'একই দিনে {add_on} করিয়ে নেওয়াও সম্ভব।'),
  (10021, 'appliance', 'c', '{service}: ঝামেলা ছাড়া একটা দিন',
'{address},

আয়োজনের দিনে যন্ত্র ভালো চললে মন নিশ্চিন্ত থাকে। তাই {service} একটু আগে সেরে রাখা সুবিধার। সময়টা কাছে বলে একটা দিন ভেবে রেখেছি: {date}।
{add_on_line}

দিনটা রাখতে বা বদলাতে:
{link}

অন্য দিন চাইলে সেটিও হবে।
আর বার্তা না পেতে চাইলে এখানে চাপুন: {stop_link}',
'{add_on} লাগলে তখনই বেছে নিন।'),
  (10022, 'ac', 'a', '{service}: এসির যত্নের সময়',
'{address},

আপনার এসির যত্ন নেওয়ার সময় বোধহয় আবার এল। নিয়মিত {service} হলে ঘর সহজে ঠান্ডা হয়। দিনটা জানালে আমাদের টেকনিশিয়ান চলে আসবেন।
{add_on_line}

বুক করতে এখানে চাপুন:
{link}

এখন দরকার না হলে পরে দেখলেও চলবে।
এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}',
'চাইলে সঙ্গে {add_on} যোগ করতে পারেন।'),
  (10023, 'ac', 'b', 'এসির হাওয়া হোক আরামের',
'{address},

ফিল্টারে ধুলো জমলে এসিকে বেশি খাটতে হয়। {service} করালে হাওয়াটা আবার হালকা লাগে। আপনার এসির বেলায় সময়টা বোধহয় হয়ে এল।
{add_on_line}

সময় বেছে নিন এখানে:
{link}

সময়টুকু দিলেই হবে, বাকিটা টেকনিশিয়ান সামলাবেন।
এসব মনে করানো বন্ধ রাখতে চাইলে: {stop_link}',
'একই দিনে {add_on} করিয়ে নেওয়াও সম্ভব।'),
  (10024, 'ac', 'c', '{service} আগে থেকে ঠিক থাকুক',
'{address},

এসির কাজ আগে সারা থাকলে গরমে ভাবনা কমে। {service} করাতে কোন দিন সুবিধা, দেখে নিন। সময়টা কাছে বলে একটা দিন ভেবে রেখেছি: {date}।
{add_on_line}

দিনটা রাখতে বা বদলাতে:
{link}

আপনার সময়মতোই আমরা আসব।
আর বার্তা না পেতে চাইলে এখানে চাপুন: {stop_link}',
'সঙ্গে {add_on} লাগলে টিক দিয়ে দিন।'),
  (10025, 'pest_control', 'a', '{service}: নিয়মের সময়টা কাছে',
'{address},

পোকামাকড় দূরে রাখতে নিয়ম মেনে চলাই সহজ পথ। {service} করানোর সময় বোধহয় আবার কাছে এসেছে। সুবিধার দিনটা বেছে নিতে পারেন।
{add_on_line}

বুক করতে এখানে চাপুন:
{link}

এখন দরকার না হলে পরে দেখলেও চলবে।
এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}',
'চাইলে সঙ্গে {add_on} যোগ করতে পারেন।'),
  (10026, 'pest_control', 'b', 'রান্নাঘর থাকুক স্বস্তির',
'{address},

রান্নাঘরে পোকা না থাকলে মনটা শান্ত থাকে। আবার {service} করিয়ে নেওয়ার সময় মনে হয় কাছে। শিশু বা পোষা প্রাণী থাকলে কর্মীকে আগে বলবেন।
{add_on_line}

সময় বেছে নিন এখানে:
{link}

কাজের নিয়মটা কর্মী আপনাকে বুঝিয়ে দেবেন।
এসব মনে করানো বন্ধ রাখতে চাইলে: {stop_link}',
'একই দিনে {add_on} করিয়ে নেওয়াও সম্ভব।'),
  (10027, 'pest_control', 'c', '{service}: সুবিধার একটা দিন',
'{address},

এ কাজের পর ঘর কিছুক্ষণ খালি রাখা ভালো। সেভাবে দিন দেখে {service} ঠিক করতে পারেন। সময়টা কাছে বলে একটা দিন ভেবে রেখেছি: {date}।
{add_on_line}

দিনটা দেখে নিন:
{link}

বাইরে থাকার দিন থাকলে সেটিই বেছে নিন।
আর বার্তা না পেতে চাইলে এখানে চাপুন: {stop_link}',
'সেদিন সঙ্গে {add_on} নেওয়াও সম্ভব।'),
  (10028, 'painting', 'a', '{service}: ঘরে নতুন রঙের সময়',
'{address},

ঘরের রং নতুন করার সময় বোধহয় কাছে এসেছে। {service} এবারও আমাদের দিয়ে করাতে পারেন। রং আর সময়, দুটোই হবে আপনার পছন্দে।
{add_on_line}

বুক করতে এখানে চাপুন:
{link}

এখন না চাইলে পরে ভাবলেও চলবে।
এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}',
'চাইলে সঙ্গে {add_on} যোগ করতে পারেন।'),
  (10029, 'painting', 'b', 'নতুন রঙে চেনা ঘর',
'{address},

নতুন রঙে চেনা ঘরও অন্যরকম আলো পায়। আবার {service} নিয়ে ভাবার সময় হয়তো কাছে এসেছে। ছোট একটা ঘর দিয়েও শুরু করা যায়।
{add_on_line}

সময় বেছে নিন এখানে:
{link}

কোন রং মানাবে, আমাদের কর্মী শুনে বলবেন।
এসব মনে করানো বন্ধ রাখতে চাইলে: {stop_link}',
'{add_on} লাগলে সেটিও বেছে নিন।'),
  (10030, 'painting', 'c', '{service}: ধীরেসুস্থে ভাবা যাক',
'{address},

রঙের কাজে আসবাব সরানোর সময় হাতে রাখা ভালো। {service} একটু আগে ঠিক করলে তাই সুবিধা। সময়টা কাছে বলে একটা দিন ভেবে রেখেছি: {date}।
{add_on_line}

দিনটা রাখতে বা বদলাতে:
{link}

বাড়ির সবার সঙ্গে কথা বলে ঠিক করতে পারেন।
আর বার্তা না পেতে চাইলে এখানে চাপুন: {stop_link}',
'সেদিন সঙ্গে {add_on} নেওয়াও সম্ভব।'),
  (10031, 'cooking', 'a', '{service}: বাড়তি হাতের সময়',
'{address},

রান্নায় একটু বাড়তি হাত লাগার দিন বোধহয় এল। চাইলে আবার {service} বুক করে রাখতে পারেন। সময়টা জানালে আমাদের রাঁধুনি চলে আসবেন।
{add_on_line}

বুক করতে এখানে চাপুন:
{link}

এখন দরকার না হলে কিছুই করতে হবে না।
এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}',
'চাইলে সঙ্গে {add_on} যোগ করতে পারেন।'),
  (10032, 'cooking', 'b', 'রান্না থেকে একটা দিন ছুটি',
'{address},

রান্নার ভাবনা থেকে আবার একটা দিন ছুটি নেওয়ার সময় এল। চাইলে {service} বুক করে রাখুন, আমাদের রাঁধুনি সামলে নেবেন। আপনি পরিবারের সঙ্গে গল্প করুন।
{add_on_line}

সময় বেছে নিন এখানে:
{link}

ঝাল-নুনের পছন্দটা রাঁধুনিকে বলে দেবেন।
এসব মনে করানো বন্ধ রাখতে চাইলে: {stop_link}',
'সেদিন সঙ্গে {add_on} নেওয়াও সম্ভব।'),
  (10033, 'cooking', 'c', '{service}: আয়োজনের আগে নিশ্চিন্ত',
'{address},

বাসায় আয়োজন থাকলে আগে লোক ঠিক করা ভালো। {service} আগেভাগে রাখলে আপনি নিশ্চিন্ত থাকবেন। সময়টা কাছে বলে একটা দিন ভেবে রেখেছি: {date}।
{add_on_line}

দিনটা রাখতে বা বদলাতে:
{link}

দিনটা না মিললে অন্য দিন নিন।
আর বার্তা না পেতে চাইলে এখানে চাপুন: {stop_link}',
'আয়োজনে {add_on} লাগলে বেছে নিন।')
) as t (no, category, variant, subject, body, add_on_line);

-- Reminders in English, for those who chose it.
insert into text.template
  (template_id, kind, category, language, form, variant, origin, subject, body, add_on_line, created_at, approved_by, approved_at)
select
  ('00000000-0000-7000-8000-0000000' || t.no)::uuid, 'reminder', t.category, 'en', 'long', t.variant, 'house', t.subject, t.body,
    t.add_on_line,
  '2026-11-23 00:00+06', 'house', '2026-11-23 00:00+06'
from (values
  (10034, null, 'a', 'Time for {service} again?',
'{address},

It may be about time for {service} again. Pick a day that suits you.
{add_on_line}

Book here:
{link}

If you do not need it now, simply ignore this.
To stop these reminders: {stop_link}',
'You can add {add_on} to the visit.'),
  (10035, null, 'b', '{service}: your booking page is ready',
'{address},

We hope the last {service} served you well. Should you want it again, there is little to type. The booking page is already filled in.
{add_on_line}

Have a look:
{link}

Change the time to whatever suits you.
Rather not hear from us? Tell us here: {stop_link}',
'If you also want {add_on}, choose it there.'),
  (10036, null, 'c', 'Which day suits you for {service}?',
'{address},

Small jobs slip our minds on busy days. With {service} arranged, there is one less to think of. We thought of a day: {date}.
{add_on_line}

Keep the day or change it:
{link}

Your convenience comes first.
If you want no more reminders: {stop_link}',
'We can do {add_on} on the same visit.'),
  (10037, 'cleaning', 'a', '{service}: about time again?',
'{address},

It may be time for {service} again. Rest on your day off and leave the work to us.
{add_on_line}

Choose your time here:
{link}

Later is fine too, if now does not suit.
To stop these reminders: {stop_link}',
'You can add {add_on} to the visit.'),
  (10038, 'beauty', 'a', '{service}: a little time for yourself',
'{address},

A day of care may be due again. You can have {service} at home, at your own pace.
{add_on_line}

Choose your time here:
{link}

If not this time, there is nothing to do.
To stop these reminders: {stop_link}',
'You can add {add_on} to the visit.'),
  (10039, 'barber', 'a', '{service}, without the wait',
'{address},

It may be time for {service} again. Our barber can come to you, so nobody waits.
{add_on_line}

Choose your time here:
{link}

Later is fine too, if now does not suit.
To stop these reminders: {stop_link}',
'You can add {add_on} to the visit.'),
  (10040, 'electrical', 'a', '{service}: shall we take a look?',
'{address},

Small electrical jobs tend to pile up at home. With {service}, one visit can settle them all.
{add_on_line}

Choose your time here:
{link}

If all is well, simply ignore this.
To stop these reminders: {stop_link}',
'You can add {add_on} to the visit.'),
  (10041, 'plumbing', 'a', '{service}: shall we take a look?',
'{address},

A regular look at the pipes saves worry. It may be time for {service} again.
{add_on_line}

Choose your time here:
{link}

If all is well, simply ignore this.
To stop these reminders: {stop_link}',
'You can add {add_on} to the visit.'),
  (10042, 'appliance', 'a', '{service}: about time again?',
'{address},

Household machines like a little care now and then. It may be time for {service} again.
{add_on_line}

Choose your time here:
{link}

If it runs well, later is fine too.
To stop these reminders: {stop_link}',
'You can add {add_on} to the visit.'),
  (10043, 'ac', 'a', '{service}: care for your AC',
'{address},

With a clean filter your AC has less work to do. It may be time for {service} again.
{add_on_line}

Choose your time here:
{link}

Later is fine too, if now does not suit.
To stop these reminders: {stop_link}',
'You can add {add_on} to the visit.'),
  (10044, 'pest_control', 'a', '{service}: about time again?',
'{address},

A steady routine keeps pests away most easily. It may be time for {service} again. Please tell our team about children or pets.
{add_on_line}

Choose your time here:
{link}

Later is fine too, if now does not suit.
To stop these reminders: {stop_link}',
'You can add {add_on} to the visit.'),
  (10045, 'painting', 'a', '{service}: fresh colour at home',
'{address},

It may be time for fresh colour at home. With {service}, the shade and the day are yours to choose.
{add_on_line}

Choose your time here:
{link}

No need to decide today.
To stop these reminders: {stop_link}',
'You can add {add_on} to the visit.'),
  (10046, 'cooking', 'a', '{service}: a day off from the kitchen',
'{address},

An extra hand in the kitchen may be welcome again. Book {service} and spend the time with your family.
{add_on_line}

Choose your time here:
{link}

If not this time, there is nothing to do.
To stop these reminders: {stop_link}',
'You can add {add_on} to the visit.')
) as t (no, category, variant, subject, body, add_on_line);

-- Reminders for phones: each fits four SMS and a push notification, with a link and a way to stop.
insert into text.template
  (template_id, kind, category, language, form, variant, origin, subject, body, created_at, approved_by, approved_at)
select
  ('00000000-0000-7000-8000-0000000' || t.no)::uuid, 'reminder', t.category, 'bn', 'short', t.variant, 'house', t.subject,
    t.body || E'\nবার্তা না চাইলে: {stop_link}',
  '2026-11-23 00:00+06', 'house', '2026-11-23 00:00+06'
from (values
  (10047, null, 'a', '{service}: আবার সময় হলো কি?',
    '{address}, আবার {service} দরকার হওয়ার সময় বোধহয় কাছে। সুবিধামতো দিন বেছে নিন: {link}'),
  (10048, null, 'b', '{service}: বুকিং পাতা তৈরি',
    '{address}, {service} আবার লাগলে বেশি কিছু লিখতে হবে না। পাতায় সব বসানো আছে: {link}'),
  (10049, null, 'c', '{service} কোন দিন হলে সুবিধা?',
    '{address}, {service} করানোর একটা দিন ভেবে রেখেছি: {date}। রাখতে বা বদলাতে: {link}'),
  (10050, 'cleaning', 'a', '{service}: দিনটা বোধহয় কাছে',
    '{address}, {service} করানোর দিন বোধহয় আবার এল। সুবিধার সময় বেছে নিন: {link}'),
  (10051, 'cleaning', 'b', 'ছুটির দিনটা থাকুক আপনার',
    '{address}, ছুটির দিনে আপনি জিরিয়ে নিন, {service} আমরা করে দিই। সময় দিন: {link}'),
  (10052, 'cleaning', 'c', 'অতিথি আসার আগেই গোছানো ঘর',
    '{address}, {service} আগে সারা থাকলে মন হালকা থাকে। একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}'),
  (10053, 'beauty', 'a', '{service}: নিজের যত্নের সময়',
    '{address}, নিজের যত্নের দিন বোধহয় ঘুরে এল। {service} নিন ঘরে বসেই: {link}'),
  (10054, 'beauty', 'b', 'একটু সময় শুধু নিজের জন্য',
    '{address}, ব্যস্ততার ফাঁকে একটু সময় থাকুক নিজের। {service} হবে আপনার ঘরেই: {link}'),
  (10055, 'beauty', 'c', '{service} আগে থেকে ঠিক থাকুক',
    '{address}, ব্যস্ত দিনের আগে {service} সেরে রাখা যায়। একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}'),
  (10056, 'barber', 'a', '{service}: আবার সময় হলো কি?',
    '{address}, পরিপাটি হওয়ার দিন বোধহয় আবার এল। {service} নিন বাসাতেই: {link}'),
  (10057, 'barber', 'b', 'অপেক্ষা ছাড়াই {service}', '{address}, সেলুনে অপেক্ষা নয়, {service} হোক বাসায় আরামে। সময় দিন: {link}'),
  (10058, 'barber', 'c', '{service}: একটা দিন ভেবে রেখেছি',
    '{address}, পরিপাটি চুলে দিনটা ভালো লাগে। {service} হতে পারে এই দিনে: {date}। দেখুন: {link}'),
  (10059, 'electrical', 'a', '{service}: একবার দেখিয়ে নেবেন?',
    '{address}, বাসার বিদ্যুতের কাজ দেখানোর সময় বোধহয় এল। {service} বুক করুন: {link}'),
  (10060, 'electrical', 'b', 'ছোট কাজগুলো একসঙ্গে',
    '{address}, সুইচ বা ফ্যানের ছোট কাজ জমেছে? {service} একদিনেই সেরে নেওয়া যায়: {link}'),
  (10061, 'electrical', 'c', '{service}: কবে থাকছেন বাসায়?',
    '{address}, {service} করাতে বাসায় থাকার দিনই ভালো। একটা দিন ভেবে রেখেছি: {date}। বদলাতে: {link}'),
  (10062, 'plumbing', 'a', '{service}: মনে করিয়ে দিলাম',
    '{address}, পানির লাইন আবার দেখানোর সময় বোধহয় কাছে। {service} বুক করুন: {link}'),
  (10063, 'plumbing', 'b', 'পানির কাজ নিয়ে নিশ্চিন্ত থাকুন',
    '{address}, কল বা পাইপের ছোট কাজ আমাদের হাতে ছেড়ে দিন। {service} করাতে: {link}'),
  (10064, 'plumbing', 'c', '{service} কোন দিন হলে ভালো?',
    '{address}, {service} আগে থেকে ঠিক থাকলে সুবিধা। একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}'),
  (10065, 'appliance', 'a', '{service}: আবার সময় হয়ে এল?',
    '{address}, ঘরের যন্ত্রেরও একটু যত্ন লাগে। {service} করানোর সময় বোধহয় এল: {link}'),
  (10066, 'appliance', 'b', 'যন্ত্র ভালো থাকলে কাজ হালকা',
    '{address}, যন্ত্র ভালো চললে সংসারের কাজ হালকা লাগে। {service} করাতে সময় দিন: {link}'),
  (10067, 'appliance', 'c', '{service}: ঝামেলা ছাড়া একটা দিন',
    '{address}, {service} করাতে কবে সুবিধা? একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}'),
  (10068, 'ac', 'a', '{service}: এসির যত্নের সময়', '{address}, এসির যত্ন নেওয়ার সময় বোধহয় আবার এল। {service} বুক করুন: {link}'),
  (10069, 'ac', 'b', 'এসির হাওয়া হোক আরামের',
    '{address}, ফিল্টার পরিষ্কার থাকলে এসির হাওয়ায় আরাম। {service} করাতে সময় দিন: {link}'),
  (10070, 'ac', 'c', '{service} আগে থেকে ঠিক থাকুক',
    '{address}, আগে {service} সারা থাকলে ভাবনা কমে। একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}'),
  (10071, 'pest_control', 'a', '{service}: নিয়মের দিনটা কাছে',
    '{address}, নিয়ম করে {service} করালে ঘরে স্বস্তি থাকে। দিনটা বোধহয় কাছে: {link}'),
  (10072, 'pest_control', 'b', 'রান্নাঘর থাকুক স্বস্তির',
    '{address}, রান্নাঘরে পোকা না থাকলে মন শান্ত থাকে। {service} করাতে সময় দিন: {link}'),
  (10073, 'pest_control', 'c', '{service}: সুবিধার একটা দিন',
    '{address}, ঘর যেদিন একটু খালি, সেদিন {service} সুবিধার। একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}'),
  (10074, 'painting', 'a', '{service}: নতুন রঙের সময়',
    '{address}, ঘরে নতুন রঙের সময় বোধহয় কাছে। {service} নিয়ে ভাবতে পারেন: {link}'),
  (10075, 'painting', 'b', 'নতুন রঙে চেনা ঘর',
    '{address}, একটা দেয়াল দিয়েও শুরু করা যায়। {service} কবে চান, জানিয়ে রাখুন: {link}'),
  (10076, 'painting', 'c', '{service}: ধীরেসুস্থে ভাবা যাক',
    '{address}, {service} ধীরেসুস্থে ঠিক করাই ভালো। একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}'),
  (10077, 'cooking', 'a', '{service}: বাড়তি হাতের সময়',
    '{address}, রান্নায় বাড়তি হাত লাগার দিন বোধহয় এল। {service} বুক করুন: {link}'),
  (10078, 'cooking', 'b', 'রান্না থেকে একটা দিন ছুটি',
    '{address}, একদিন রান্না থেকে ছুটি নিন, {service} আমাদের রাঁধুনি সামলাবেন: {link}'),
  (10079, 'cooking', 'c', '{service}: আয়োজনের আগে নিশ্চিন্ত',
    '{address}, আয়োজনের আগে {service} ঠিক থাকলে স্বস্তি। একটা দিন ভেবে রেখেছি: {date}। দেখুন: {link}')
) as t (no, category, variant, subject, body);

-- Reminders for phones in English.
insert into text.template
  (template_id, kind, category, language, form, variant, origin, subject, body, created_at, approved_by, approved_at)
select
  ('00000000-0000-7000-8000-0000000' || t.no)::uuid, 'reminder', t.category, 'en', 'short', t.variant, 'house', t.subject,
    t.body || E'\nTo stop: {stop_link}',
  '2026-11-23 00:00+06', 'house', '2026-11-23 00:00+06'
from (values
  (10080, null, 'a', 'Time for {service} again?',
    '{address}, it may be about time for {service} again. Pick a day that suits you: {link}'),
  (10081, null, 'b', '{service}: your page is ready',
    '{address}, want {service} again? The booking page is already filled in: {link}'),
  (10082, null, 'c', 'Which day suits you for {service}?',
    '{address}, we thought of a day for {service}: {date}. Keep it or change it: {link}'),
  (10083, 'cleaning', 'a', '{service}: about time again?',
    '{address}, it may be time for {service} at your home again. Choose a time: {link}'),
  (10084, 'cleaning', 'b', 'Keep your day off for yourself',
    '{address}, rest on your day off and leave {service} to us. Choose a time: {link}'),
  (10085, 'cleaning', 'c', 'A tidy home before guests come',
    '{address}, with {service} done early the mind is at ease. We thought of a day: {date}. See: {link}'),
  (10086, 'beauty', 'a', '{service}: a little time for yourself',
    '{address}, a day of care may be due again. Have {service} at home: {link}'),
  (10087, 'beauty', 'b', 'A quiet hour of your own',
    '{address}, busy days leave little time for oneself. We bring {service} to your home: {link}'),
  (10088, 'beauty', 'c', '{service}, arranged ahead',
    '{address}, {service} fits well before busy days. We thought of a day: {date}. See: {link}'),
  (10089, 'barber', 'a', '{service}: time again?', '{address}, it may be time for {service} again. Choose a time: {link}'),
  (10090, 'barber', 'b', '{service}, without the wait',
    '{address}, no waiting at the salon: have {service} in comfort at home. Choose a time: {link}'),
  (10091, 'barber', 'c', '{service}: we thought of a day',
    '{address}, neat hair brightens the day. We thought of a day for {service}: {date}. See: {link}'),
  (10092, 'electrical', 'a', '{service}: shall we take a look?',
    '{address}, it may be time to have the wiring looked at. Book {service}: {link}'),
  (10093, 'electrical', 'b', 'Small jobs, one visit',
    '{address}, have small jobs piled up? With {service} one visit settles them all: {link}'),
  (10094, 'electrical', 'c', '{service}: when are you at home?',
    '{address}, {service} suits a day at home. We thought of one: {date}. Change it here: {link}'),
  (10095, 'plumbing', 'a', '{service}: a gentle reminder',
    '{address}, it may be time to have the pipes looked at again. Book {service}: {link}'),
  (10096, 'plumbing', 'b', 'No worry about the water',
    '{address}, leave taps and pipes to our plumber. For {service} choose a time: {link}'),
  (10097, 'plumbing', 'c', 'Which day suits {service}?',
    '{address}, {service} goes smoothly when planned. We thought of a day: {date}. See: {link}'),
  (10098, 'appliance', 'a', '{service}: about time again?',
    '{address}, household machines like a little care. It may be time for {service}: {link}'),
  (10099, 'appliance', 'b', 'When machines run well',
    '{address}, housework is lighter when machines run well. For {service} choose a time: {link}'),
  (10100, 'appliance', 'c', '{service}: an easy day for it',
    '{address}, when would {service} suit you? We thought of a day: {date}. See: {link}'),
  (10101, 'ac', 'a', '{service}: care for your AC', '{address}, it may be time to care for your AC again. Book {service}: {link}'),
  (10102, 'ac', 'b', 'Easy, cool air', '{address}, with a clean filter the air feels better. For {service} choose a time: {link}'),
  (10103, 'ac', 'c', '{service}, arranged ahead',
    '{address}, with {service} done early there is less to think of. We thought of a day: {date}. See: {link}'),
  (10104, 'pest_control', 'a', '{service}: the routine day is near',
    '{address}, a steady routine keeps pests away. Book {service}: {link}'),
  (10105, 'pest_control', 'b', 'A kitchen at peace',
    '{address}, a kitchen without pests is a calm place. For {service} choose a time: {link}'),
  (10106, 'pest_control', 'c', '{service}: a day that suits',
    '{address}, {service} suits a day when the house is quiet. We thought of one: {date}. See: {link}'),
  (10107, 'painting', 'a', '{service}: fresh colour at home',
    '{address}, it may be time for fresh colour at home. Think about {service}: {link}'),
  (10108, 'painting', 'b', 'Start with one wall',
    '{address}, one wall is a fine beginning. Tell us when you would like {service}: {link}'),
  (10109, 'painting', 'c', '{service}: no need to rush',
    '{address}, {service} is best planned at ease. We thought of a day: {date}. See: {link}'),
  (10110, 'cooking', 'a', '{service}: an extra hand',
    '{address}, an extra hand in the kitchen may be welcome again. Book {service}: {link}'),
  (10111, 'cooking', 'b', 'A day off from the kitchen',
    '{address}, take a day off from the kitchen. Leave {service} to our cook: {link}'),
  (10112, 'cooking', 'c', '{service}: ready before the day',
    '{address}, with {service} arranged, guests are a joy. We thought of a day: {date}. See: {link}')
) as t (no, category, variant, subject, body);

-- Single and bulk sends: one text about a service, with a link to book it, one about delays, without.
insert into text.template
  (template_id, kind, language, form, variant, origin, subject, body, created_at, approved_by, approved_at)
select
  ('00000000-0000-7000-8000-0000000' || t.no)::uuid, 'announcement', 'bn', 'long', t.variant, 'house', t.subject, t.body,
  '2026-11-23 00:00+06', 'house', '2026-11-23 00:00+06'
from (values
  (10113, 'service', '{service}: সময় বেছে নিতে পারেন',
'{address},

{service} এখন আপনার সুবিধামতো সময়ে নেওয়া যাচ্ছে। দরকার মনে হলে একটা দিন বেছে রাখতে পারেন।

এখান থেকে বুক করা যাবে:
{link}

এখন দরকার না হলে কিছুই করতে হবে না।
এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}'),
  (10114, 'delay', 'পৌঁছাতে দেরি হতে পারে',
'{address},

পথের অবস্থার কারণে আমাদের কর্মীদের পৌঁছাতে কিছুটা দেরি হতে পারে। এই অসুবিধার জন্য আমরা দুঃখিত। সময় বদলাতে চাইলে অ্যাপ থেকে বদলানো যাবে।

এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}')
) as t (no, variant, subject, body);

-- The same in English.
insert into text.template
  (template_id, kind, language, form, variant, origin, subject, body, created_at, approved_by, approved_at)
select
  ('00000000-0000-7000-8000-0000000' || t.no)::uuid, 'announcement', 'en', 'long', t.variant, 'house', t.subject, t.body,
  '2026-11-23 00:00+06', 'house', '2026-11-23 00:00+06'
from (values
  (10115, 'service', '{service}: pick a time that suits you',
'{address},

{service} can now be booked at a time that suits you. Pick a day whenever you need it.

Book here:
{link}

If you do not need it now, simply ignore this.
To stop these messages: {stop_link}'),
  (10116, 'delay', 'We may arrive late',
'{address},

The roads are slow, so our team may reach you late. We are sorry for the trouble. You can change the time of your visit in the app.

To stop these messages: {stop_link}')
) as t (no, variant, subject, body);

-- The same for phones.
insert into text.template
  (template_id, kind, language, form, variant, origin, subject, body, created_at, approved_by, approved_at)
select
  ('00000000-0000-7000-8000-0000000' || t.no)::uuid, 'announcement', 'bn', 'short', t.variant, 'house', t.subject,
    t.body || E'\nবার্তা না চাইলে: {stop_link}',
  '2026-11-23 00:00+06', 'house', '2026-11-23 00:00+06'
from (values
  (10117, 'service', '{service}: সময় বেছে নিতে পারেন',
    '{address}, {service} এখন আপনার সুবিধামতো সময়ে নেওয়া যায়। দিন বেছে নিন: {link}'),
  (10118, 'delay', 'পৌঁছাতে দেরি হতে পারে',
    '{address}, পথের অবস্থার কারণে কর্মীদের পৌঁছাতে কিছু দেরি হতে পারে। অসুবিধার জন্য দুঃখিত।')
) as t (no, variant, subject, body);

-- The same for phones in English.
insert into text.template
  (template_id, kind, language, form, variant, origin, subject, body, created_at, approved_by, approved_at)
select
  ('00000000-0000-7000-8000-0000000' || t.no)::uuid, 'announcement', 'en', 'short', t.variant, 'house', t.subject,
    t.body || E'\nTo stop: {stop_link}',
  '2026-11-23 00:00+06', 'house', '2026-11-23 00:00+06'
from (values
  (10119, 'service', '{service}: pick a time that suits you',
    '{address}, {service} can be booked at a time that suits you: {link}'),
  (10120, 'delay', 'We may arrive late', '{address}, because of the roads our team may reach you late. We are sorry.')
) as t (no, variant, subject, body);
