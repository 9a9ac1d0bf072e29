create or replace function policy.raise_alert(p_kind text, p_subject text, p_detail jsonb, p_at timestamptz)
returns uuid
language sql volatile parallel unsafe
begin atomic
  insert into policy.alert (kind, subject, raised_at, detail)
  values (p_kind, p_subject, p_at, p_detail)
  on conflict (kind, subject) where acknowledged_at is null do nothing
  returning alert_id;
end;

comment on function policy.raise_alert(text, text, jsonb, timestamptz) is
$$Raises an alert, unless one of the same kind and subject is open.
p_detail: ids and numbers, no personal data. Result: the id of the new alert; null if one is open.$$;
