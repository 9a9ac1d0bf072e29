create or replace function text.is_placeholder_name(p_name text)
returns boolean
language sql immutable parallel safe
return p_name ~* (
  '^((n\.?a|null|none|nil|no|not|name|unknown|unnamed|anonymous|available|given|test|dummy|customer|client|user|guest'
  '|নাম|নাই|নেই|ছাড়া|জানা|অজানা|অজ্ঞাত|গ্রাহক|কাস্টমার|ইউজার|টেস্ট)\.?( |$))+$');

comment on function text.is_placeholder_name(text) is
$$Whether each word of a name is one that systems write for a missing name, such as 'No Name', 'NA NA' or 'নাম নেই'.$$;
