-- A copy for trials must never reach anybody's mailbox: no sign-in, no credentials, nothing to send.
UPDATE outlook_account
   SET state = 'new',
       token_cache = NULL,
       lease_until = NULL,
       lease_token = NULL,
       preview = NULL,
       preview_at = NULL,
       trouble = NULL,
       left_alone = NULL,
       place = NULL,
       mark = NULL,
       mark_next = NULL;
DELETE FROM mail_activity WHERE res_model = 'outlook.alarm';
DELETE FROM outlook_alarm;
UPDATE outlook_calendar
   SET delta_link = NULL,
       page_link = NULL;
DELETE FROM outlook_outbox;
UPDATE outlook_reset
   SET state = 'done'
 WHERE state = 'running';
DELETE FROM ir_config_parameter
 WHERE key IN (
       'outlook_calendar.client_id',
       'outlook_calendar.client_secret',
       'outlook_calendar.enabled',
       'outlook_calendar.key_fingerprint'
);
UPDATE ir_cron
   SET active = false
 WHERE id IN (
       SELECT res_id
         FROM ir_model_data
        WHERE model = 'ir.cron'
          AND module = 'outlook_calendar'
);
