-- depends: 0024.more-words
-- Second versions of house texts that read badly with some names of services, or to some readers: a barber's text that
-- presumed a beard, «সেদিনের বাসায় রান্না», «Home cleaning at your home».

with better (category, language, variant, form, subject, body, add_on_line) as (values
  ('barber', 'bn', 'a', 'long', '{service}: আবার সময় হলো কি?',
'{address},

পরিপাটি হওয়ার দিনটা বোধহয় আবার এল। এবারের {service} বাসাতেই হতে পারে। সময় জানালে আমাদের কর্মী পৌঁছে যাবেন।
{add_on_line}

বুক করতে এখানে চাপুন:
{link}

এখন দরকার না হলে পরে দেখলেও চলবে।
এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}',
'চাইলে সঙ্গে {add_on} যোগ করতে পারেন।'),
  ('cooking', 'bn', 'b', 'long', 'রান্না থেকে একটা দিন ছুটি',
'{address},

রান্নার ভাবনা থেকে আবার একটা দিন ছুটি নেওয়ার সময় এল। চাইলে {service} বুক করে রাখুন, আমাদের রাঁধুনি সামলে নেবেন। আপনি পরিবারের সঙ্গে গল্প করুন।
{add_on_line}

সময় বেছে নিন এখানে:
{link}

ঝাল-নুনের পছন্দটা রাঁধুনিকে বলে দেবেন।
এসব মনে করানো বন্ধ রাখতে চাইলে: {stop_link}',
'সেদিন সঙ্গে {add_on} নেওয়াও সম্ভব।'),
  ('cleaning', 'en', 'a', 'long', '{service}: about time again?',
'{address},

It may be time for {service} again. Rest on your day off and leave the work to us.
{add_on_line}

Choose your time here:
{link}

Later is fine too, if now does not suit.
To stop these reminders: {stop_link}',
'You can add {add_on} to the visit.')
),
former as (
  update text.template t
  set retired_at = '2026-11-25 00:00+06'
  from better b
  where t.kind = 'reminder'
    and t.origin = 'house'
    and t.version = 1
    and (t.category, t.language, t.variant, t.form) = (b.category, b.language, b.variant, b.form)
)
insert into text.template
  (kind, category, language, variant, form, version, origin, subject, body, add_on_line, created_at, approved_by, approved_at)
select
  'reminder', b.category, b.language, b.variant, b.form, 2, 'house', b.subject, b.body, b.add_on_line,
  '2026-11-25 00:00+06', 'house', '2026-11-25 00:00+06'
from better b;

-- The short ones have no add-on line.
with better (category, language, variant, body) as (values
  ('barber', 'bn', 'a', '{address}, পরিপাটি হওয়ার দিন বোধহয় আবার এল। {service} নিন বাসাতেই: {link}'),
  ('barber', 'en', 'a', '{address}, it may be time for {service} again. Choose a time: {link}')
),
former as (
  update text.template t
  set retired_at = '2026-11-25 00:00+06'
  from better b
  where t.kind = 'reminder'
    and t.origin = 'house'
    and t.version = 1
    and t.form = 'short'
    and (t.category, t.language, t.variant) = (b.category, b.language, b.variant)
  returning t.*, b.body as better
)
insert into text.template
  (kind, category, language, variant, form, version, origin, subject, body, add_on_line, created_at, approved_by, approved_at)
select
  f.kind, f.category, f.language, f.variant, f.form, 2, f.origin, f.subject, f.better || substr(f.body, strpos(f.body, E'\n')), f.add_on_line,
  '2026-11-25 00:00+06', 'house', '2026-11-25 00:00+06'
from former f;
