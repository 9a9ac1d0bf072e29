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
$$Raises an alert, once for an episode: while one of the same kind and subject is open, another is not raised.
p_detail: ids and numbers, no personal data. Result: the new alert's id, or null where one is open.$$;
