-- Hosts that do not exist and hosts that webhooks may not reach are told alike.
UPDATE webhook_deliveries SET failure = 'no_host' WHERE failure = 'not_allowed';
