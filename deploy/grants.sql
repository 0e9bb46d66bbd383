-- The role the program runs as on a PostgreSQL of your own: it can write rows, but neither change tables nor
-- rewrite what only grows. The owner of the tables is another role, used for migrations alone.
--
--   DATABASE_URL=postgresql://degenduel_owner:…@db/degenduel flask db upgrade
--   psql "postgresql://degenduel_owner:…@db/degenduel" --file deploy/grants.sql
--
-- Run it again after every upgrade. Beforehand, once, as a superuser:
--   CREATE ROLE degenduel_owner LOGIN PASSWORD '…';
--   CREATE ROLE degenduel_app LOGIN PASSWORD '…';
--   CREATE DATABASE degenduel OWNER degenduel_owner;

GRANT USAGE ON SCHEMA public TO degenduel_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO degenduel_app;
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO degenduel_app;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO degenduel_app;

-- The trigger that chains the audit log moves its head with the owner's rights.
REVOKE UPDATE, DELETE, TRUNCATE ON audit_log, audit_checks FROM degenduel_app;
REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON audit_head, alembic_version FROM degenduel_app;

-- Of money nothing is ever deleted, and of the ledger nothing changes.
REVOKE DELETE, TRUNCATE ON ledger_accounts, payouts, payout_batches, payout_attempts, payout_freezes,
  idempotency_keys FROM degenduel_app;
REVOKE DELETE, TRUNCATE ON referrals, rewards, referral_periods, referrer_standings, risk_signals FROM degenduel_app;
REVOKE UPDATE, DELETE, TRUNCATE ON referral_programmes FROM degenduel_app;
REVOKE UPDATE, DELETE, TRUNCATE ON ledger_journals, ledger_lines, payout_lines, attempt_steps, reconciliations
  FROM degenduel_app;
