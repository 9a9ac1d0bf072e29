create or replace function text.channel_form(p_channel text)
returns text
language sql immutable parallel safe
return case when p_channel = 'email' then 'long' else 'short' end;

comment on function text.channel_form(text) is
$$The form of template that a channel carries: long for e-mail, short for sms, push, whatsapp and in_app.
A long text would cost several SMS or be cut off there.$$;
