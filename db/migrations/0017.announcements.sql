-- depends: 0016.campaign-life
-- House texts for single and bulk sends: one about a service, with a link to book it, and one about delays, without.

insert into text.template
  (kind, category, language, variant, origin, subject, body, created_at, approved_by, approved_at)
select
  'announcement', null, t.language, t.variant, 'house', t.subject, t.body, '2026-11-25 00:00+06', 'house', '2026-11-25 00:00+06'
from (values
  ('bn', 'service', '{service}: সময় বেছে নিতে পারেন',
'{address},

{service} এখন আপনার সুবিধামতো সময়ে নেওয়া যাচ্ছে। দরকার মনে হলে একটা দিন বেছে রাখতে পারেন।

এখান থেকে বুক করা যাবে:
{link}

এখন দরকার না হলে কিছুই করতে হবে না।
এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}'),
  ('en', 'service', '{service}: pick a time that suits you',
'{address},

{service} can now be booked at a time that suits you. Pick a day whenever you need it.

Book here:
{link}

If you do not need it now, simply ignore this.
To stop these messages: {stop_link}'),
  ('bn', 'delay', 'পৌঁছাতে দেরি হতে পারে',
'{address},

পথের অবস্থার কারণে আমাদের কর্মীদের পৌঁছাতে কিছুটা দেরি হতে পারে। এই অসুবিধার জন্য আমরা দুঃখিত। সময় বদলাতে চাইলে অ্যাপ থেকে বদলানো যাবে।

এমন বার্তা আর না চাইলে এখানে জানান: {stop_link}'),
  ('en', 'delay', 'We may arrive late',
'{address},

Because of the state of the roads our team may reach you later than planned. We are sorry for the trouble. You can change the time of your visit in the app.

To stop these messages: {stop_link}')
) as t (language, variant, subject, body);
