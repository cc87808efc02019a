CREATE OR REPLACE FUNCTION told_absence_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_absence_born BEFORE INSERT ON approvals_absence FOR EACH ROW EXECUTE FUNCTION told_absence_born()
-- next
CREATE OR REPLACE FUNCTION told_absence_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."id" IS DISTINCT FROM OLD."id" OR NEW."person_id" IS DISTINCT FROM OLD."person_id" OR NEW."starts_at" IS DISTINCT FROM OLD."starts_at" OR NEW."ends_at" IS DISTINCT FROM OLD."ends_at" OR NEW."entered_by_id" IS DISTINCT FROM OLD."entered_by_id" OR NEW."entered_at" IS DISTINCT FROM OLD."entered_at" OR NEW."ended_by_id" IS DISTINCT FROM OLD."ended_by_id" OR NEW."ended_at" IS DISTINCT FROM OLD."ended_at" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_absence_changed BEFORE UPDATE ON approvals_absence FOR EACH ROW EXECUTE FUNCTION told_absence_changed()
-- next
CREATE OR REPLACE FUNCTION told_absence_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalabsence h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."person_id" IS DISTINCT FROM NEW."person_id" OR h."starts_at" IS DISTINCT FROM NEW."starts_at" OR h."ends_at" IS DISTINCT FROM NEW."ends_at" OR h."entered_by_id" IS DISTINCT FROM NEW."entered_by_id" OR h."entered_at" IS DISTINCT FROM NEW."entered_at" OR h."ended_by_id" IS DISTINCT FROM NEW."ended_by_id" OR h."ended_at" IS DISTINCT FROM NEW."ended_at")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_absence_whole AFTER INSERT OR UPDATE ON approvals_absence DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_absence_whole()
-- next
CREATE OR REPLACE FUNCTION told_breakglass_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_breakglass_born BEFORE INSERT ON approvals_breakglass FOR EACH ROW EXECUTE FUNCTION told_breakglass_born()
-- next
CREATE OR REPLACE FUNCTION told_breakglass_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."id" IS DISTINCT FROM OLD."id" OR NEW."person_id" IS DISTINCT FROM OLD."person_id" OR NEW."desk_id" IS DISTINCT FROM OLD."desk_id" OR NEW."reason" IS DISTINCT FROM OLD."reason" OR NEW."opened_at" IS DISTINCT FROM OLD."opened_at" OR NEW."expires_at" IS DISTINCT FROM OLD."expires_at" OR NEW."closed_at" IS DISTINCT FROM OLD."closed_at" OR NEW."finding" IS DISTINCT FROM OLD."finding" OR NEW."reviewed_by_id" IS DISTINCT FROM OLD."reviewed_by_id" OR NEW."reviewed_at" IS DISTINCT FROM OLD."reviewed_at" OR NEW."note" IS DISTINCT FROM OLD."note" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_breakglass_changed BEFORE UPDATE ON approvals_breakglass FOR EACH ROW EXECUTE FUNCTION told_breakglass_changed()
-- next
CREATE OR REPLACE FUNCTION told_breakglass_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalbreakglass h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."person_id" IS DISTINCT FROM NEW."person_id" OR h."desk_id" IS DISTINCT FROM NEW."desk_id" OR h."reason" IS DISTINCT FROM NEW."reason" OR h."opened_at" IS DISTINCT FROM NEW."opened_at" OR h."expires_at" IS DISTINCT FROM NEW."expires_at" OR h."closed_at" IS DISTINCT FROM NEW."closed_at" OR h."finding" IS DISTINCT FROM NEW."finding" OR h."reviewed_by_id" IS DISTINCT FROM NEW."reviewed_by_id" OR h."reviewed_at" IS DISTINCT FROM NEW."reviewed_at" OR h."note" IS DISTINCT FROM NEW."note")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_breakglass_whole AFTER INSERT OR UPDATE ON approvals_breakglass DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_breakglass_whole()
-- next
CREATE OR REPLACE FUNCTION told_delegation_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_delegation_born BEFORE INSERT ON approvals_delegation FOR EACH ROW EXECUTE FUNCTION told_delegation_born()
-- next
CREATE OR REPLACE FUNCTION told_delegation_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."id" IS DISTINCT FROM OLD."id" OR NEW."person_id" IS DISTINCT FROM OLD."person_id" OR NEW."delegate_id" IS DISTINCT FROM OLD."delegate_id" OR NEW."desk_id" IS DISTINCT FROM OLD."desk_id" OR NEW."starts_at" IS DISTINCT FROM OLD."starts_at" OR NEW."ends_at" IS DISTINCT FROM OLD."ends_at" OR NEW."reason" IS DISTINCT FROM OLD."reason" OR NEW."granted_by_id" IS DISTINCT FROM OLD."granted_by_id" OR NEW."granted_at" IS DISTINCT FROM OLD."granted_at" OR NEW."ended_by_id" IS DISTINCT FROM OLD."ended_by_id" OR NEW."ended_at" IS DISTINCT FROM OLD."ended_at" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_delegation_changed BEFORE UPDATE ON approvals_delegation FOR EACH ROW EXECUTE FUNCTION told_delegation_changed()
-- next
CREATE OR REPLACE FUNCTION told_delegation_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicaldelegation h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."person_id" IS DISTINCT FROM NEW."person_id" OR h."delegate_id" IS DISTINCT FROM NEW."delegate_id" OR h."desk_id" IS DISTINCT FROM NEW."desk_id" OR h."starts_at" IS DISTINCT FROM NEW."starts_at" OR h."ends_at" IS DISTINCT FROM NEW."ends_at" OR h."reason" IS DISTINCT FROM NEW."reason" OR h."granted_by_id" IS DISTINCT FROM NEW."granted_by_id" OR h."granted_at" IS DISTINCT FROM NEW."granted_at" OR h."ended_by_id" IS DISTINCT FROM NEW."ended_by_id" OR h."ended_at" IS DISTINCT FROM NEW."ended_at")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_delegation_whole AFTER INSERT OR UPDATE ON approvals_delegation DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_delegation_whole()
-- next
CREATE OR REPLACE FUNCTION told_halt_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_halt_born BEFORE INSERT ON approvals_halt FOR EACH ROW EXECUTE FUNCTION told_halt_born()
-- next
CREATE OR REPLACE FUNCTION told_halt_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."id" IS DISTINCT FROM OLD."id" OR NEW."scope" IS DISTINCT FROM OLD."scope" OR NEW."desk_id" IS DISTINCT FROM OLD."desk_id" OR NEW."action_type_id" IS DISTINCT FROM OLD."action_type_id" OR NEW."agent_id" IS DISTINCT FROM OLD."agent_id" OR NEW."connector" IS DISTINCT FROM OLD."connector" OR NEW."reason" IS DISTINCT FROM OLD."reason" OR NEW."started_by_id" IS DISTINCT FROM OLD."started_by_id" OR NEW."started_at" IS DISTINCT FROM OLD."started_at" OR NEW."lifted_by_id" IS DISTINCT FROM OLD."lifted_by_id" OR NEW."lifted_at" IS DISTINCT FROM OLD."lifted_at" OR NEW."lift_reason" IS DISTINCT FROM OLD."lift_reason" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_halt_changed BEFORE UPDATE ON approvals_halt FOR EACH ROW EXECUTE FUNCTION told_halt_changed()
-- next
CREATE OR REPLACE FUNCTION told_halt_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalhalt h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."scope" IS DISTINCT FROM NEW."scope" OR h."desk_id" IS DISTINCT FROM NEW."desk_id" OR h."action_type_id" IS DISTINCT FROM NEW."action_type_id" OR h."agent_id" IS DISTINCT FROM NEW."agent_id" OR h."connector" IS DISTINCT FROM NEW."connector" OR h."reason" IS DISTINCT FROM NEW."reason" OR h."started_by_id" IS DISTINCT FROM NEW."started_by_id" OR h."started_at" IS DISTINCT FROM NEW."started_at" OR h."lifted_by_id" IS DISTINCT FROM NEW."lifted_by_id" OR h."lifted_at" IS DISTINCT FROM NEW."lifted_at" OR h."lift_reason" IS DISTINCT FROM NEW."lift_reason")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_halt_whole AFTER INSERT OR UPDATE ON approvals_halt DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_halt_whole()
-- next
CREATE OR REPLACE FUNCTION told_samplecheck_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_samplecheck_born BEFORE INSERT ON approvals_samplecheck FOR EACH ROW EXECUTE FUNCTION told_samplecheck_born()
-- next
CREATE OR REPLACE FUNCTION told_samplecheck_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."id" IS DISTINCT FROM OLD."id" OR NEW."state" IS DISTINCT FROM OLD."state" OR NEW."action_id" IS DISTINCT FROM OLD."action_id" OR NEW."rule_id" IS DISTINCT FROM OLD."rule_id" OR NEW."desk_id" IS DISTINCT FROM OLD."desk_id" OR NEW."drawn_at" IS DISTINCT FROM OLD."drawn_at" OR NEW."checked_by_id" IS DISTINCT FROM OLD."checked_by_id" OR NEW."checked_at" IS DISTINCT FROM OLD."checked_at" OR NEW."note" IS DISTINCT FROM OLD."note" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_samplecheck_changed BEFORE UPDATE ON approvals_samplecheck FOR EACH ROW EXECUTE FUNCTION told_samplecheck_changed()
-- next
CREATE OR REPLACE FUNCTION told_samplecheck_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalsamplecheck h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."state" IS DISTINCT FROM NEW."state" OR h."action_id" IS DISTINCT FROM NEW."action_id" OR h."rule_id" IS DISTINCT FROM NEW."rule_id" OR h."desk_id" IS DISTINCT FROM NEW."desk_id" OR h."drawn_at" IS DISTINCT FROM NEW."drawn_at" OR h."checked_by_id" IS DISTINCT FROM NEW."checked_by_id" OR h."checked_at" IS DISTINCT FROM NEW."checked_at" OR h."note" IS DISTINCT FROM NEW."note")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_samplecheck_whole AFTER INSERT OR UPDATE ON approvals_samplecheck DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_samplecheck_whole()
-- next
CREATE OR REPLACE FUNCTION told_standingrule_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_standingrule_born BEFORE INSERT ON approvals_standingrule FOR EACH ROW EXECUTE FUNCTION told_standingrule_born()
-- next
CREATE OR REPLACE FUNCTION told_standingrule_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."id" IS DISTINCT FROM OLD."id" OR NEW."state" IS DISTINCT FROM OLD."state" OR NEW."verdict" IS DISTINCT FROM OLD."verdict" OR NEW."action_type_id" IS DISTINCT FROM OLD."action_type_id" OR NEW."agent_id" IS DISTINCT FROM OLD."agent_id" OR NEW."client_id" IS DISTINCT FROM OLD."client_id" OR NEW."subject" IS DISTINCT FROM OLD."subject" OR NEW."condition" IS DISTINCT FROM OLD."condition" OR NEW."max_amount" IS DISTINCT FROM OLD."max_amount" OR NEW."currency" IS DISTINCT FROM OLD."currency" OR NEW."count_per_day" IS DISTINCT FROM OLD."count_per_day" OR NEW."sum_per_day" IS DISTINCT FROM OLD."sum_per_day" OR NEW."sample_rate" IS DISTINCT FROM OLD."sample_rate" OR NEW."expires_at" IS DISTINCT FROM OLD."expires_at" OR NEW."reason" IS DISTINCT FROM OLD."reason" OR NEW."decision_id" IS DISTINCT FROM OLD."decision_id" OR NEW."made_by_id" IS DISTINCT FROM OLD."made_by_id" OR NEW."made_at" IS DISTINCT FROM OLD."made_at" OR NEW."confirmed_by_id" IS DISTINCT FROM OLD."confirmed_by_id" OR NEW."confirmed_at" IS DISTINCT FROM OLD."confirmed_at" OR NEW."ended_by_id" IS DISTINCT FROM OLD."ended_by_id" OR NEW."ended_at" IS DISTINCT FROM OLD."ended_at" OR NEW."end_reason" IS DISTINCT FROM OLD."end_reason" OR NEW."agent_version" IS DISTINCT FROM OLD."agent_version" OR NEW."type_version" IS DISTINCT FROM OLD."type_version" OR NEW."target_digest" IS DISTINCT FROM OLD."target_digest" OR NEW."policies" IS DISTINCT FROM OLD."policies" OR NEW."waives" IS DISTINCT FROM OLD."waives" OR NEW."salt" IS DISTINCT FROM OLD."salt" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_standingrule_changed BEFORE UPDATE ON approvals_standingrule FOR EACH ROW EXECUTE FUNCTION told_standingrule_changed()
-- next
CREATE OR REPLACE FUNCTION told_standingrule_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalstandingrule h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."state" IS DISTINCT FROM NEW."state" OR h."verdict" IS DISTINCT FROM NEW."verdict" OR h."action_type_id" IS DISTINCT FROM NEW."action_type_id" OR h."agent_id" IS DISTINCT FROM NEW."agent_id" OR h."client_id" IS DISTINCT FROM NEW."client_id" OR h."subject" IS DISTINCT FROM NEW."subject" OR h."condition" IS DISTINCT FROM NEW."condition" OR h."max_amount" IS DISTINCT FROM NEW."max_amount" OR h."currency" IS DISTINCT FROM NEW."currency" OR h."count_per_day" IS DISTINCT FROM NEW."count_per_day" OR h."sum_per_day" IS DISTINCT FROM NEW."sum_per_day" OR h."sample_rate" IS DISTINCT FROM NEW."sample_rate" OR h."expires_at" IS DISTINCT FROM NEW."expires_at" OR h."reason" IS DISTINCT FROM NEW."reason" OR h."decision_id" IS DISTINCT FROM NEW."decision_id" OR h."made_by_id" IS DISTINCT FROM NEW."made_by_id" OR h."made_at" IS DISTINCT FROM NEW."made_at" OR h."confirmed_by_id" IS DISTINCT FROM NEW."confirmed_by_id" OR h."confirmed_at" IS DISTINCT FROM NEW."confirmed_at" OR h."ended_by_id" IS DISTINCT FROM NEW."ended_by_id" OR h."ended_at" IS DISTINCT FROM NEW."ended_at" OR h."end_reason" IS DISTINCT FROM NEW."end_reason" OR h."agent_version" IS DISTINCT FROM NEW."agent_version" OR h."type_version" IS DISTINCT FROM NEW."type_version" OR h."target_digest" IS DISTINCT FROM NEW."target_digest" OR h."policies" IS DISTINCT FROM NEW."policies" OR h."waives" IS DISTINCT FROM NEW."waives" OR h."salt" IS DISTINCT FROM NEW."salt")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_standingrule_whole AFTER INSERT OR UPDATE ON approvals_standingrule DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_standingrule_whole()
-- next
CREATE OR REPLACE FUNCTION told_tightening_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_tightening_born BEFORE INSERT ON approvals_tightening FOR EACH ROW EXECUTE FUNCTION told_tightening_born()
-- next
CREATE OR REPLACE FUNCTION told_tightening_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."id" IS DISTINCT FROM OLD."id" OR NEW."changes" IS DISTINCT FROM OLD."changes" OR NEW."left_out" IS DISTINCT FROM OLD."left_out" OR NEW."made_by_id" IS DISTINCT FROM OLD."made_by_id" OR NEW."made_through" IS DISTINCT FROM OLD."made_through" OR NEW."made_at" IS DISTINCT FROM OLD."made_at" OR NEW."reviewed_by_id" IS DISTINCT FROM OLD."reviewed_by_id" OR NEW."reviewed_at" IS DISTINCT FROM OLD."reviewed_at" OR NEW."revert_request_id" IS DISTINCT FROM OLD."revert_request_id" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_tightening_changed BEFORE UPDATE ON approvals_tightening FOR EACH ROW EXECUTE FUNCTION told_tightening_changed()
-- next
CREATE OR REPLACE FUNCTION told_tightening_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicaltightening h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."changes" IS DISTINCT FROM NEW."changes" OR h."left_out" IS DISTINCT FROM NEW."left_out" OR h."made_by_id" IS DISTINCT FROM NEW."made_by_id" OR h."made_through" IS DISTINCT FROM NEW."made_through" OR h."made_at" IS DISTINCT FROM NEW."made_at" OR h."reviewed_by_id" IS DISTINCT FROM NEW."reviewed_by_id" OR h."reviewed_at" IS DISTINCT FROM NEW."reviewed_at" OR h."revert_request_id" IS DISTINCT FROM NEW."revert_request_id")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_tightening_whole AFTER INSERT OR UPDATE ON approvals_tightening DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_tightening_whole()
-- next
CREATE OR REPLACE FUNCTION told_webhook_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_webhook_born BEFORE INSERT ON approvals_webhook FOR EACH ROW EXECUTE FUNCTION told_webhook_born()
-- next
CREATE OR REPLACE FUNCTION told_webhook_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."name" IS DISTINCT FROM OLD."name" OR NEW."url" IS DISTINCT FROM OLD."url" OR NEW."owner_id" IS DISTINCT FROM OLD."owner_id" OR NEW."events" IS DISTINCT FROM OLD."events" OR NEW."action_type_id" IS DISTINCT FROM OLD."action_type_id" OR NEW."agent_id" IS DISTINCT FROM OLD."agent_id" OR NEW."client_id" IS DISTINCT FROM OLD."client_id" OR NEW."is_active" IS DISTINCT FROM OLD."is_active" OR NEW."nonce" IS DISTINCT FROM OLD."nonce" OR NEW."issued_at" IS DISTINCT FROM OLD."issued_at" OR NEW."former_nonce" IS DISTINCT FROM OLD."former_nonce" OR NEW."former_until" IS DISTINCT FROM OLD."former_until" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_webhook_changed BEFORE UPDATE ON approvals_webhook FOR EACH ROW EXECUTE FUNCTION told_webhook_changed()
-- next
CREATE OR REPLACE FUNCTION told_webhook_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalwebhook h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."name" IS DISTINCT FROM NEW."name" OR h."url" IS DISTINCT FROM NEW."url" OR h."owner_id" IS DISTINCT FROM NEW."owner_id" OR h."events" IS DISTINCT FROM NEW."events" OR h."action_type_id" IS DISTINCT FROM NEW."action_type_id" OR h."agent_id" IS DISTINCT FROM NEW."agent_id" OR h."client_id" IS DISTINCT FROM NEW."client_id" OR h."is_active" IS DISTINCT FROM NEW."is_active" OR h."nonce" IS DISTINCT FROM NEW."nonce" OR h."issued_at" IS DISTINCT FROM NEW."issued_at" OR h."former_nonce" IS DISTINCT FROM NEW."former_nonce" OR h."former_until" IS DISTINCT FROM NEW."former_until")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_webhook_whole AFTER INSERT OR UPDATE ON approvals_webhook DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_webhook_whole()
-- next
CREATE OR REPLACE FUNCTION told_actiontype_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_actiontype_born BEFORE INSERT ON approvals_actiontype FOR EACH ROW EXECUTE FUNCTION told_actiontype_born()
-- next
CREATE OR REPLACE FUNCTION told_actiontype_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."name" IS DISTINCT FROM OLD."name" OR NEW."title" IS DISTINCT FROM OLD."title" OR NEW."description" IS DISTINCT FROM OLD."description" OR NEW."version" IS DISTINCT FROM OLD."version" OR NEW."is_active" IS DISTINCT FROM OLD."is_active" OR NEW."schema" IS DISTINCT FROM OLD."schema" OR NEW."schema_text" IS DISTINCT FROM OLD."schema_text" OR NEW."amount_pointer" IS DISTINCT FROM OLD."amount_pointer" OR NEW."currency_pointer" IS DISTINCT FROM OLD."currency_pointer" OR NEW."subject_pointer" IS DISTINCT FROM OLD."subject_pointer" OR NEW."reference_pointer" IS DISTINCT FROM OLD."reference_pointer" OR NEW."automation_requires" IS DISTINCT FROM OLD."automation_requires" OR NEW."summary" IS DISTINCT FROM OLD."summary" OR NEW."lookups" IS DISTINCT FROM OLD."lookups" OR NEW."recheck_lookups" IS DISTINCT FROM OLD."recheck_lookups" OR NEW."reasons" IS DISTINCT FROM OLD."reasons" OR NEW."reject_needs" IS DISTINCT FROM OLD."reject_needs" OR NEW."reviewer_sees" IS DISTINCT FROM OLD."reviewer_sees" OR NEW."attachment_count" IS DISTINCT FROM OLD."attachment_count" OR NEW."attachment_mib" IS DISTINCT FROM OLD."attachment_mib" OR NEW."attachment_types" IS DISTINCT FROM OLD."attachment_types" OR NEW."reversibility" IS DISTINCT FROM OLD."reversibility" OR NEW."reversal_type_id" IS DISTINCT FROM OLD."reversal_type_id" OR NEW."stakes" IS DISTINCT FROM OLD."stakes" OR NEW."has_external_impact" IS DISTINCT FROM OLD."has_external_impact" OR NEW."data_classes" IS DISTINCT FROM OLD."data_classes" OR NEW."domain" IS DISTINCT FROM OLD."domain" OR NEW."mode" IS DISTINCT FROM OLD."mode" OR NEW."desk_id" IS DISTINCT FROM OLD."desk_id" OR NEW."client_id" IS DISTINCT FROM OLD."client_id" OR NEW."responsible_id" IS DISTINCT FROM OLD."responsible_id" OR NEW."owner_id" IS DISTINCT FROM OLD."owner_id" OR NEW."overriders_id" IS DISTINCT FROM OLD."overriders_id" OR NEW."low_confidence" IS DISTINCT FROM OLD."low_confidence" OR NEW."confidence_person_id" IS DISTINCT FROM OLD."confidence_person_id" OR NEW."confidence_group_id" IS DISTINCT FROM OLD."confidence_group_id" OR NEW."edge_case_owner_id" IS DISTINCT FROM OLD."edge_case_owner_id" OR NEW."edge_case_tier" IS DISTINCT FROM OLD."edge_case_tier" OR NEW."policy" IS DISTINCT FROM OLD."policy" OR NEW."standing_rule_approvers" IS DISTINCT FROM OLD."standing_rule_approvers" OR NEW."standing_decisions" IS DISTINCT FROM OLD."standing_decisions" OR NEW."sample_rate" IS DISTINCT FROM OLD."sample_rate" OR NEW."execution" IS DISTINCT FROM OLD."execution" OR NEW."connector" IS DISTINCT FROM OLD."connector" OR NEW."target" IS DISTINCT FROM OLD."target" OR NEW."ends" IS DISTINCT FROM OLD."ends" OR NEW."longest_seconds" IS DISTINCT FROM OLD."longest_seconds" OR NEW."undo_seconds" IS DISTINCT FROM OLD."undo_seconds" OR NEW."valid_seconds" IS DISTINCT FROM OLD."valid_seconds" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_actiontype_changed BEFORE UPDATE ON approvals_actiontype FOR EACH ROW EXECUTE FUNCTION told_actiontype_changed()
-- next
CREATE OR REPLACE FUNCTION told_actiontype_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalactiontype h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."name" IS DISTINCT FROM NEW."name" OR h."title" IS DISTINCT FROM NEW."title" OR h."description" IS DISTINCT FROM NEW."description" OR h."version" IS DISTINCT FROM NEW."version" OR h."is_active" IS DISTINCT FROM NEW."is_active" OR h."schema" IS DISTINCT FROM NEW."schema" OR h."schema_text" IS DISTINCT FROM NEW."schema_text" OR h."amount_pointer" IS DISTINCT FROM NEW."amount_pointer" OR h."currency_pointer" IS DISTINCT FROM NEW."currency_pointer" OR h."subject_pointer" IS DISTINCT FROM NEW."subject_pointer" OR h."reference_pointer" IS DISTINCT FROM NEW."reference_pointer" OR h."automation_requires" IS DISTINCT FROM NEW."automation_requires" OR h."summary" IS DISTINCT FROM NEW."summary" OR h."lookups" IS DISTINCT FROM NEW."lookups" OR h."recheck_lookups" IS DISTINCT FROM NEW."recheck_lookups" OR h."reasons" IS DISTINCT FROM NEW."reasons" OR h."reject_needs" IS DISTINCT FROM NEW."reject_needs" OR h."reviewer_sees" IS DISTINCT FROM NEW."reviewer_sees" OR h."attachment_count" IS DISTINCT FROM NEW."attachment_count" OR h."attachment_mib" IS DISTINCT FROM NEW."attachment_mib" OR h."attachment_types" IS DISTINCT FROM NEW."attachment_types" OR h."reversibility" IS DISTINCT FROM NEW."reversibility" OR h."reversal_type_id" IS DISTINCT FROM NEW."reversal_type_id" OR h."stakes" IS DISTINCT FROM NEW."stakes" OR h."has_external_impact" IS DISTINCT FROM NEW."has_external_impact" OR h."data_classes" IS DISTINCT FROM NEW."data_classes" OR h."domain" IS DISTINCT FROM NEW."domain" OR h."mode" IS DISTINCT FROM NEW."mode" OR h."desk_id" IS DISTINCT FROM NEW."desk_id" OR h."client_id" IS DISTINCT FROM NEW."client_id" OR h."responsible_id" IS DISTINCT FROM NEW."responsible_id" OR h."owner_id" IS DISTINCT FROM NEW."owner_id" OR h."overriders_id" IS DISTINCT FROM NEW."overriders_id" OR h."low_confidence" IS DISTINCT FROM NEW."low_confidence" OR h."confidence_person_id" IS DISTINCT FROM NEW."confidence_person_id" OR h."confidence_group_id" IS DISTINCT FROM NEW."confidence_group_id" OR h."edge_case_owner_id" IS DISTINCT FROM NEW."edge_case_owner_id" OR h."edge_case_tier" IS DISTINCT FROM NEW."edge_case_tier" OR h."policy" IS DISTINCT FROM NEW."policy" OR h."standing_rule_approvers" IS DISTINCT FROM NEW."standing_rule_approvers" OR h."standing_decisions" IS DISTINCT FROM NEW."standing_decisions" OR h."sample_rate" IS DISTINCT FROM NEW."sample_rate" OR h."execution" IS DISTINCT FROM NEW."execution" OR h."connector" IS DISTINCT FROM NEW."connector" OR h."target" IS DISTINCT FROM NEW."target" OR h."ends" IS DISTINCT FROM NEW."ends" OR h."longest_seconds" IS DISTINCT FROM NEW."longest_seconds" OR h."undo_seconds" IS DISTINCT FROM NEW."undo_seconds" OR h."valid_seconds" IS DISTINCT FROM NEW."valid_seconds")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_actiontype_whole AFTER INSERT OR UPDATE ON approvals_actiontype DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_actiontype_whole()
-- next
CREATE OR REPLACE FUNCTION told_actiontype_removed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_historicalactiontype h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS DISTINCT FROM OLD."id" OR h."name" IS DISTINCT FROM OLD."name" OR h."title" IS DISTINCT FROM OLD."title" OR h."description" IS DISTINCT FROM OLD."description" OR h."version" IS DISTINCT FROM OLD."version" OR h."is_active" IS DISTINCT FROM OLD."is_active" OR h."schema" IS DISTINCT FROM OLD."schema" OR h."schema_text" IS DISTINCT FROM OLD."schema_text" OR h."amount_pointer" IS DISTINCT FROM OLD."amount_pointer" OR h."currency_pointer" IS DISTINCT FROM OLD."currency_pointer" OR h."subject_pointer" IS DISTINCT FROM OLD."subject_pointer" OR h."reference_pointer" IS DISTINCT FROM OLD."reference_pointer" OR h."automation_requires" IS DISTINCT FROM OLD."automation_requires" OR h."summary" IS DISTINCT FROM OLD."summary" OR h."lookups" IS DISTINCT FROM OLD."lookups" OR h."recheck_lookups" IS DISTINCT FROM OLD."recheck_lookups" OR h."reasons" IS DISTINCT FROM OLD."reasons" OR h."reject_needs" IS DISTINCT FROM OLD."reject_needs" OR h."reviewer_sees" IS DISTINCT FROM OLD."reviewer_sees" OR h."attachment_count" IS DISTINCT FROM OLD."attachment_count" OR h."attachment_mib" IS DISTINCT FROM OLD."attachment_mib" OR h."attachment_types" IS DISTINCT FROM OLD."attachment_types" OR h."reversibility" IS DISTINCT FROM OLD."reversibility" OR h."reversal_type_id" IS DISTINCT FROM OLD."reversal_type_id" OR h."stakes" IS DISTINCT FROM OLD."stakes" OR h."has_external_impact" IS DISTINCT FROM OLD."has_external_impact" OR h."data_classes" IS DISTINCT FROM OLD."data_classes" OR h."domain" IS DISTINCT FROM OLD."domain" OR h."mode" IS DISTINCT FROM OLD."mode" OR h."desk_id" IS DISTINCT FROM OLD."desk_id" OR h."client_id" IS DISTINCT FROM OLD."client_id" OR h."responsible_id" IS DISTINCT FROM OLD."responsible_id" OR h."owner_id" IS DISTINCT FROM OLD."owner_id" OR h."overriders_id" IS DISTINCT FROM OLD."overriders_id" OR h."low_confidence" IS DISTINCT FROM OLD."low_confidence" OR h."confidence_person_id" IS DISTINCT FROM OLD."confidence_person_id" OR h."confidence_group_id" IS DISTINCT FROM OLD."confidence_group_id" OR h."edge_case_owner_id" IS DISTINCT FROM OLD."edge_case_owner_id" OR h."edge_case_tier" IS DISTINCT FROM OLD."edge_case_tier" OR h."policy" IS DISTINCT FROM OLD."policy" OR h."standing_rule_approvers" IS DISTINCT FROM OLD."standing_rule_approvers" OR h."standing_decisions" IS DISTINCT FROM OLD."standing_decisions" OR h."sample_rate" IS DISTINCT FROM OLD."sample_rate" OR h."execution" IS DISTINCT FROM OLD."execution" OR h."connector" IS DISTINCT FROM OLD."connector" OR h."target" IS DISTINCT FROM OLD."target" OR h."ends" IS DISTINCT FROM OLD."ends" OR h."longest_seconds" IS DISTINCT FROM OLD."longest_seconds" OR h."undo_seconds" IS DISTINCT FROM OLD."undo_seconds" OR h."valid_seconds" IS DISTINCT FROM OLD."valid_seconds")) THEN RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER told_actiontype_removed BEFORE DELETE ON approvals_actiontype FOR EACH ROW EXECUTE FUNCTION told_actiontype_removed()
-- next
CREATE OR REPLACE FUNCTION told_actiontype_removed_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_actiontype_removed_whole BEFORE TRUNCATE ON approvals_actiontype FOR EACH STATEMENT EXECUTE FUNCTION told_actiontype_removed_whole()
-- next
CREATE OR REPLACE FUNCTION told_agent_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_agent_born BEFORE INSERT ON approvals_agent FOR EACH ROW EXECUTE FUNCTION told_agent_born()
-- next
CREATE OR REPLACE FUNCTION told_agent_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."name" IS DISTINCT FROM OLD."name" OR NEW."title" IS DISTINCT FROM OLD."title" OR NEW."owner_id" IS DISTINCT FROM OLD."owner_id" OR NEW."client_id" IS DISTINCT FROM OLD."client_id" OR NEW."version" IS DISTINCT FROM OLD."version" OR NEW."is_active" IS DISTINCT FROM OLD."is_active" OR NEW."mode" IS DISTINCT FROM OLD."mode" OR NEW."person_id" IS DISTINCT FROM OLD."person_id" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_agent_changed BEFORE UPDATE ON approvals_agent FOR EACH ROW EXECUTE FUNCTION told_agent_changed()
-- next
CREATE OR REPLACE FUNCTION told_agent_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalagent h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."name" IS DISTINCT FROM NEW."name" OR h."title" IS DISTINCT FROM NEW."title" OR h."owner_id" IS DISTINCT FROM NEW."owner_id" OR h."client_id" IS DISTINCT FROM NEW."client_id" OR h."version" IS DISTINCT FROM NEW."version" OR h."is_active" IS DISTINCT FROM NEW."is_active" OR h."mode" IS DISTINCT FROM NEW."mode" OR h."person_id" IS DISTINCT FROM NEW."person_id")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_agent_whole AFTER INSERT OR UPDATE ON approvals_agent DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_agent_whole()
-- next
CREATE OR REPLACE FUNCTION told_agent_removed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_historicalagent h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS DISTINCT FROM OLD."id" OR h."name" IS DISTINCT FROM OLD."name" OR h."title" IS DISTINCT FROM OLD."title" OR h."owner_id" IS DISTINCT FROM OLD."owner_id" OR h."client_id" IS DISTINCT FROM OLD."client_id" OR h."version" IS DISTINCT FROM OLD."version" OR h."is_active" IS DISTINCT FROM OLD."is_active" OR h."mode" IS DISTINCT FROM OLD."mode" OR h."person_id" IS DISTINCT FROM OLD."person_id")) THEN RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER told_agent_removed BEFORE DELETE ON approvals_agent FOR EACH ROW EXECUTE FUNCTION told_agent_removed()
-- next
CREATE OR REPLACE FUNCTION told_agent_removed_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_agent_removed_whole BEFORE TRUNCATE ON approvals_agent FOR EACH STATEMENT EXECUTE FUNCTION told_agent_removed_whole()
-- next
CREATE OR REPLACE FUNCTION told_apikey_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_apikey_born BEFORE INSERT ON approvals_apikey FOR EACH ROW EXECUTE FUNCTION told_apikey_born()
-- next
CREATE OR REPLACE FUNCTION told_apikey_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."identifier" IS DISTINCT FROM OLD."identifier" OR NEW."agent_id" IS DISTINCT FROM OLD."agent_id" OR NEW."person_id" IS DISTINCT FROM OLD."person_id" OR NEW."holder_id" IS DISTINCT FROM OLD."holder_id" OR NEW."label" IS DISTINCT FROM OLD."label" OR NEW."secret_hash" IS DISTINCT FROM OLD."secret_hash" OR NEW."scopes" IS DISTINCT FROM OLD."scopes" OR NEW."created_at" IS DISTINCT FROM OLD."created_at" OR NEW."expires_at" IS DISTINCT FROM OLD."expires_at" OR NEW."revoked_at" IS DISTINCT FROM OLD."revoked_at" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_apikey_changed BEFORE UPDATE ON approvals_apikey FOR EACH ROW EXECUTE FUNCTION told_apikey_changed()
-- next
CREATE OR REPLACE FUNCTION told_apikey_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalapikey h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."identifier" IS DISTINCT FROM NEW."identifier" OR h."agent_id" IS DISTINCT FROM NEW."agent_id" OR h."person_id" IS DISTINCT FROM NEW."person_id" OR h."holder_id" IS DISTINCT FROM NEW."holder_id" OR h."label" IS DISTINCT FROM NEW."label" OR h."scopes" IS DISTINCT FROM NEW."scopes" OR h."created_at" IS DISTINCT FROM NEW."created_at" OR h."expires_at" IS DISTINCT FROM NEW."expires_at" OR h."revoked_at" IS DISTINCT FROM NEW."revoked_at")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_apikey_whole AFTER INSERT OR UPDATE ON approvals_apikey DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_apikey_whole()
-- next
CREATE OR REPLACE FUNCTION told_apikey_removed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_historicalapikey h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS DISTINCT FROM OLD."id" OR h."identifier" IS DISTINCT FROM OLD."identifier" OR h."agent_id" IS DISTINCT FROM OLD."agent_id" OR h."person_id" IS DISTINCT FROM OLD."person_id" OR h."holder_id" IS DISTINCT FROM OLD."holder_id" OR h."label" IS DISTINCT FROM OLD."label" OR h."scopes" IS DISTINCT FROM OLD."scopes" OR h."created_at" IS DISTINCT FROM OLD."created_at" OR h."expires_at" IS DISTINCT FROM OLD."expires_at" OR h."revoked_at" IS DISTINCT FROM OLD."revoked_at")) THEN RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER told_apikey_removed BEFORE DELETE ON approvals_apikey FOR EACH ROW EXECUTE FUNCTION told_apikey_removed()
-- next
CREATE OR REPLACE FUNCTION told_apikey_removed_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_apikey_removed_whole BEFORE TRUNCATE ON approvals_apikey FOR EACH STATEMENT EXECUTE FUNCTION told_apikey_removed_whole()
-- next
CREATE OR REPLACE FUNCTION told_calendar_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_calendar_born BEFORE INSERT ON approvals_calendar FOR EACH ROW EXECUTE FUNCTION told_calendar_born()
-- next
CREATE OR REPLACE FUNCTION told_calendar_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."desk_id" IS DISTINCT FROM OLD."desk_id" OR NEW."time_zone" IS DISTINCT FROM OLD."time_zone" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_calendar_changed BEFORE UPDATE ON approvals_calendar FOR EACH ROW EXECUTE FUNCTION told_calendar_changed()
-- next
CREATE OR REPLACE FUNCTION told_calendar_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalcalendar h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."desk_id" IS DISTINCT FROM NEW."desk_id" OR h."time_zone" IS DISTINCT FROM NEW."time_zone")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_calendar_whole AFTER INSERT OR UPDATE ON approvals_calendar DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_calendar_whole()
-- next
CREATE OR REPLACE FUNCTION told_calendar_removed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_historicalcalendar h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS DISTINCT FROM OLD."id" OR h."desk_id" IS DISTINCT FROM OLD."desk_id" OR h."time_zone" IS DISTINCT FROM OLD."time_zone")) THEN RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER told_calendar_removed BEFORE DELETE ON approvals_calendar FOR EACH ROW EXECUTE FUNCTION told_calendar_removed()
-- next
CREATE OR REPLACE FUNCTION told_calendar_removed_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_calendar_removed_whole BEFORE TRUNCATE ON approvals_calendar FOR EACH STATEMENT EXECUTE FUNCTION told_calendar_removed_whole()
-- next
CREATE OR REPLACE FUNCTION told_client_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_client_born BEFORE INSERT ON approvals_client FOR EACH ROW EXECUTE FUNCTION told_client_born()
-- next
CREATE OR REPLACE FUNCTION told_client_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."key" IS DISTINCT FROM OLD."key" OR NEW."name" IS DISTINCT FROM OLD."name" OR NEW."responsible_id" IS DISTINCT FROM OLD."responsible_id" OR NEW."currency" IS DISTINCT FROM OLD."currency" OR NEW."calendar_id" IS DISTINCT FROM OLD."calendar_id" OR NEW."is_active" IS DISTINCT FROM OLD."is_active" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_client_changed BEFORE UPDATE ON approvals_client FOR EACH ROW EXECUTE FUNCTION told_client_changed()
-- next
CREATE OR REPLACE FUNCTION told_client_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalclient h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."key" IS DISTINCT FROM NEW."key" OR h."name" IS DISTINCT FROM NEW."name" OR h."responsible_id" IS DISTINCT FROM NEW."responsible_id" OR h."currency" IS DISTINCT FROM NEW."currency" OR h."calendar_id" IS DISTINCT FROM NEW."calendar_id" OR h."is_active" IS DISTINCT FROM NEW."is_active")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_client_whole AFTER INSERT OR UPDATE ON approvals_client DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_client_whole()
-- next
CREATE OR REPLACE FUNCTION told_client_removed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_historicalclient h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS DISTINCT FROM OLD."id" OR h."key" IS DISTINCT FROM OLD."key" OR h."name" IS DISTINCT FROM OLD."name" OR h."responsible_id" IS DISTINCT FROM OLD."responsible_id" OR h."currency" IS DISTINCT FROM OLD."currency" OR h."calendar_id" IS DISTINCT FROM OLD."calendar_id" OR h."is_active" IS DISTINCT FROM OLD."is_active")) THEN RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER told_client_removed BEFORE DELETE ON approvals_client FOR EACH ROW EXECUTE FUNCTION told_client_removed()
-- next
CREATE OR REPLACE FUNCTION told_client_removed_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_client_removed_whole BEFORE TRUNCATE ON approvals_client FOR EACH STATEMENT EXECUTE FUNCTION told_client_removed_whole()
-- next
CREATE OR REPLACE FUNCTION told_desk_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_desk_born BEFORE INSERT ON approvals_desk FOR EACH ROW EXECUTE FUNCTION told_desk_born()
-- next
CREATE OR REPLACE FUNCTION told_desk_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."slug" IS DISTINCT FROM OLD."slug" OR NEW."name" IS DISTINCT FROM OLD."name" OR NEW."is_solo" IS DISTINCT FROM OLD."is_solo" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_desk_changed BEFORE UPDATE ON approvals_desk FOR EACH ROW EXECUTE FUNCTION told_desk_changed()
-- next
CREATE OR REPLACE FUNCTION told_desk_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicaldesk h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."slug" IS DISTINCT FROM NEW."slug" OR h."name" IS DISTINCT FROM NEW."name" OR h."is_solo" IS DISTINCT FROM NEW."is_solo")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_desk_whole AFTER INSERT OR UPDATE ON approvals_desk DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_desk_whole()
-- next
CREATE OR REPLACE FUNCTION told_desk_removed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_historicaldesk h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS DISTINCT FROM OLD."id" OR h."slug" IS DISTINCT FROM OLD."slug" OR h."name" IS DISTINCT FROM OLD."name" OR h."is_solo" IS DISTINCT FROM OLD."is_solo")) THEN RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER told_desk_removed BEFORE DELETE ON approvals_desk FOR EACH ROW EXECUTE FUNCTION told_desk_removed()
-- next
CREATE OR REPLACE FUNCTION told_desk_removed_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_desk_removed_whole BEFORE TRUNCATE ON approvals_desk FOR EACH STATEMENT EXECUTE FUNCTION told_desk_removed_whole()
-- next
CREATE OR REPLACE FUNCTION told_duty_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_duty_born BEFORE INSERT ON approvals_duty FOR EACH ROW EXECUTE FUNCTION told_duty_born()
-- next
CREATE OR REPLACE FUNCTION told_duty_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."desk_id" IS DISTINCT FROM OLD."desk_id" OR NEW."person_id" IS DISTINCT FROM OLD."person_id" OR NEW."starts_at" IS DISTINCT FROM OLD."starts_at" OR NEW."ends_at" IS DISTINCT FROM OLD."ends_at" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_duty_changed BEFORE UPDATE ON approvals_duty FOR EACH ROW EXECUTE FUNCTION told_duty_changed()
-- next
CREATE OR REPLACE FUNCTION told_duty_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalduty h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."desk_id" IS DISTINCT FROM NEW."desk_id" OR h."person_id" IS DISTINCT FROM NEW."person_id" OR h."starts_at" IS DISTINCT FROM NEW."starts_at" OR h."ends_at" IS DISTINCT FROM NEW."ends_at")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_duty_whole AFTER INSERT OR UPDATE ON approvals_duty DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_duty_whole()
-- next
CREATE OR REPLACE FUNCTION told_duty_removed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_historicalduty h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS DISTINCT FROM OLD."id" OR h."desk_id" IS DISTINCT FROM OLD."desk_id" OR h."person_id" IS DISTINCT FROM OLD."person_id" OR h."starts_at" IS DISTINCT FROM OLD."starts_at" OR h."ends_at" IS DISTINCT FROM OLD."ends_at")) THEN RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER told_duty_removed BEFORE DELETE ON approvals_duty FOR EACH ROW EXECUTE FUNCTION told_duty_removed()
-- next
CREATE OR REPLACE FUNCTION told_duty_removed_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_duty_removed_whole BEFORE TRUNCATE ON approvals_duty FOR EACH STATEMENT EXECUTE FUNCTION told_duty_removed_whole()
-- next
CREATE OR REPLACE FUNCTION told_employee_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_employee_born BEFORE INSERT ON approvals_employee FOR EACH ROW EXECUTE FUNCTION told_employee_born()
-- next
CREATE OR REPLACE FUNCTION told_employee_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."key" IS DISTINCT FROM OLD."key" OR NEW."name" IS DISTINCT FROM OLD."name" OR NEW."manager_id" IS DISTINCT FROM OLD."manager_id" OR NEW."department" IS DISTINCT FROM OLD."department" OR NEW."title" IS DISTINCT FROM OLD."title" OR NEW."person_id" IS DISTINCT FROM OLD."person_id" OR NEW."attributes" IS DISTINCT FROM OLD."attributes" OR NEW."is_active" IS DISTINCT FROM OLD."is_active" OR NEW."normalized_key" IS DISTINCT FROM OLD."normalized_key" OR NEW."normalized_name" IS DISTINCT FROM OLD."normalized_name" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_employee_changed BEFORE UPDATE ON approvals_employee FOR EACH ROW EXECUTE FUNCTION told_employee_changed()
-- next
CREATE OR REPLACE FUNCTION told_employee_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalemployee h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."key" IS DISTINCT FROM NEW."key" OR h."name" IS DISTINCT FROM NEW."name" OR h."manager_id" IS DISTINCT FROM NEW."manager_id" OR h."department" IS DISTINCT FROM NEW."department" OR h."title" IS DISTINCT FROM NEW."title" OR h."person_id" IS DISTINCT FROM NEW."person_id" OR h."attributes" IS DISTINCT FROM NEW."attributes" OR h."is_active" IS DISTINCT FROM NEW."is_active" OR h."normalized_key" IS DISTINCT FROM NEW."normalized_key" OR h."normalized_name" IS DISTINCT FROM NEW."normalized_name")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_employee_whole AFTER INSERT OR UPDATE ON approvals_employee DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_employee_whole()
-- next
CREATE OR REPLACE FUNCTION told_employee_removed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_historicalemployee h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS DISTINCT FROM OLD."id" OR h."key" IS DISTINCT FROM OLD."key" OR h."name" IS DISTINCT FROM OLD."name" OR h."manager_id" IS DISTINCT FROM OLD."manager_id" OR h."department" IS DISTINCT FROM OLD."department" OR h."title" IS DISTINCT FROM OLD."title" OR h."person_id" IS DISTINCT FROM OLD."person_id" OR h."attributes" IS DISTINCT FROM OLD."attributes" OR h."is_active" IS DISTINCT FROM OLD."is_active" OR h."normalized_key" IS DISTINCT FROM OLD."normalized_key" OR h."normalized_name" IS DISTINCT FROM OLD."normalized_name")) THEN RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER told_employee_removed BEFORE DELETE ON approvals_employee FOR EACH ROW EXECUTE FUNCTION told_employee_removed()
-- next
CREATE OR REPLACE FUNCTION told_employee_removed_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_employee_removed_whole BEFORE TRUNCATE ON approvals_employee FOR EACH STATEMENT EXECUTE FUNCTION told_employee_removed_whole()
-- next
CREATE OR REPLACE FUNCTION told_exchangerate_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_exchangerate_born BEFORE INSERT ON approvals_exchangerate FOR EACH ROW EXECUTE FUNCTION told_exchangerate_born()
-- next
CREATE OR REPLACE FUNCTION told_exchangerate_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."currency" IS DISTINCT FROM OLD."currency" OR NEW."valid_from" IS DISTINCT FROM OLD."valid_from" OR NEW."rate" IS DISTINCT FROM OLD."rate" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_exchangerate_changed BEFORE UPDATE ON approvals_exchangerate FOR EACH ROW EXECUTE FUNCTION told_exchangerate_changed()
-- next
CREATE OR REPLACE FUNCTION told_exchangerate_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalexchangerate h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."currency" IS DISTINCT FROM NEW."currency" OR h."valid_from" IS DISTINCT FROM NEW."valid_from" OR h."rate" IS DISTINCT FROM NEW."rate")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_exchangerate_whole AFTER INSERT OR UPDATE ON approvals_exchangerate DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_exchangerate_whole()
-- next
CREATE OR REPLACE FUNCTION told_exchangerate_removed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_historicalexchangerate h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS DISTINCT FROM OLD."id" OR h."currency" IS DISTINCT FROM OLD."currency" OR h."valid_from" IS DISTINCT FROM OLD."valid_from" OR h."rate" IS DISTINCT FROM OLD."rate")) THEN RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER told_exchangerate_removed BEFORE DELETE ON approvals_exchangerate FOR EACH ROW EXECUTE FUNCTION told_exchangerate_removed()
-- next
CREATE OR REPLACE FUNCTION told_exchangerate_removed_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_exchangerate_removed_whole BEFORE TRUNCATE ON approvals_exchangerate FOR EACH STATEMENT EXECUTE FUNCTION told_exchangerate_removed_whole()
-- next
CREATE OR REPLACE FUNCTION told_flowlimit_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_flowlimit_born BEFORE INSERT ON approvals_flowlimit FOR EACH ROW EXECUTE FUNCTION told_flowlimit_born()
-- next
CREATE OR REPLACE FUNCTION told_flowlimit_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."connector" IS DISTINCT FROM OLD."connector" OR NEW."host" IS DISTINCT FROM OLD."host" OR NEW."starts_per_minute" IS DISTINCT FROM OLD."starts_per_minute" OR NEW."calls_at_once" IS DISTINCT FROM OLD."calls_at_once" OR NEW."breaker_failures" IS DISTINCT FROM OLD."breaker_failures" OR NEW."breaker_pause" IS DISTINCT FROM OLD."breaker_pause" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_flowlimit_changed BEFORE UPDATE ON approvals_flowlimit FOR EACH ROW EXECUTE FUNCTION told_flowlimit_changed()
-- next
CREATE OR REPLACE FUNCTION told_flowlimit_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalflowlimit h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."connector" IS DISTINCT FROM NEW."connector" OR h."host" IS DISTINCT FROM NEW."host" OR h."starts_per_minute" IS DISTINCT FROM NEW."starts_per_minute" OR h."calls_at_once" IS DISTINCT FROM NEW."calls_at_once" OR h."breaker_failures" IS DISTINCT FROM NEW."breaker_failures" OR h."breaker_pause" IS DISTINCT FROM NEW."breaker_pause")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_flowlimit_whole AFTER INSERT OR UPDATE ON approvals_flowlimit DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_flowlimit_whole()
-- next
CREATE OR REPLACE FUNCTION told_flowlimit_removed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_historicalflowlimit h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS DISTINCT FROM OLD."id" OR h."connector" IS DISTINCT FROM OLD."connector" OR h."host" IS DISTINCT FROM OLD."host" OR h."starts_per_minute" IS DISTINCT FROM OLD."starts_per_minute" OR h."calls_at_once" IS DISTINCT FROM OLD."calls_at_once" OR h."breaker_failures" IS DISTINCT FROM OLD."breaker_failures" OR h."breaker_pause" IS DISTINCT FROM OLD."breaker_pause")) THEN RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER told_flowlimit_removed BEFORE DELETE ON approvals_flowlimit FOR EACH ROW EXECUTE FUNCTION told_flowlimit_removed()
-- next
CREATE OR REPLACE FUNCTION told_flowlimit_removed_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_flowlimit_removed_whole BEFORE TRUNCATE ON approvals_flowlimit FOR EACH STATEMENT EXECUTE FUNCTION told_flowlimit_removed_whole()
-- next
CREATE OR REPLACE FUNCTION told_holiday_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_holiday_born BEFORE INSERT ON approvals_holiday FOR EACH ROW EXECUTE FUNCTION told_holiday_born()
-- next
CREATE OR REPLACE FUNCTION told_holiday_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."calendar_id" IS DISTINCT FROM OLD."calendar_id" OR NEW."on" IS DISTINCT FROM OLD."on" OR NEW."name" IS DISTINCT FROM OLD."name" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_holiday_changed BEFORE UPDATE ON approvals_holiday FOR EACH ROW EXECUTE FUNCTION told_holiday_changed()
-- next
CREATE OR REPLACE FUNCTION told_holiday_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalholiday h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."calendar_id" IS DISTINCT FROM NEW."calendar_id" OR h."on" IS DISTINCT FROM NEW."on" OR h."name" IS DISTINCT FROM NEW."name")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_holiday_whole AFTER INSERT OR UPDATE ON approvals_holiday DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_holiday_whole()
-- next
CREATE OR REPLACE FUNCTION told_holiday_removed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_historicalholiday h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS DISTINCT FROM OLD."id" OR h."calendar_id" IS DISTINCT FROM OLD."calendar_id" OR h."on" IS DISTINCT FROM OLD."on" OR h."name" IS DISTINCT FROM OLD."name")) THEN RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER told_holiday_removed BEFORE DELETE ON approvals_holiday FOR EACH ROW EXECUTE FUNCTION told_holiday_removed()
-- next
CREATE OR REPLACE FUNCTION told_holiday_removed_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_holiday_removed_whole BEFORE TRUNCATE ON approvals_holiday FOR EACH STATEMENT EXECUTE FUNCTION told_holiday_removed_whole()
-- next
CREATE OR REPLACE FUNCTION told_hours_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_hours_born BEFORE INSERT ON approvals_hours FOR EACH ROW EXECUTE FUNCTION told_hours_born()
-- next
CREATE OR REPLACE FUNCTION told_hours_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."calendar_id" IS DISTINCT FROM OLD."calendar_id" OR NEW."weekday" IS DISTINCT FROM OLD."weekday" OR NEW."begins" IS DISTINCT FROM OLD."begins" OR NEW."ends" IS DISTINCT FROM OLD."ends" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_hours_changed BEFORE UPDATE ON approvals_hours FOR EACH ROW EXECUTE FUNCTION told_hours_changed()
-- next
CREATE OR REPLACE FUNCTION told_hours_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalhours h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."calendar_id" IS DISTINCT FROM NEW."calendar_id" OR h."weekday" IS DISTINCT FROM NEW."weekday" OR h."begins" IS DISTINCT FROM NEW."begins" OR h."ends" IS DISTINCT FROM NEW."ends")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_hours_whole AFTER INSERT OR UPDATE ON approvals_hours DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_hours_whole()
-- next
CREATE OR REPLACE FUNCTION told_hours_removed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_historicalhours h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS DISTINCT FROM OLD."id" OR h."calendar_id" IS DISTINCT FROM OLD."calendar_id" OR h."weekday" IS DISTINCT FROM OLD."weekday" OR h."begins" IS DISTINCT FROM OLD."begins" OR h."ends" IS DISTINCT FROM OLD."ends")) THEN RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER told_hours_removed BEFORE DELETE ON approvals_hours FOR EACH ROW EXECUTE FUNCTION told_hours_removed()
-- next
CREATE OR REPLACE FUNCTION told_hours_removed_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_hours_removed_whole BEFORE TRUNCATE ON approvals_hours FOR EACH STATEMENT EXECUTE FUNCTION told_hours_removed_whole()
-- next
CREATE OR REPLACE FUNCTION told_membership_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_membership_born BEFORE INSERT ON approvals_membership FOR EACH ROW EXECUTE FUNCTION told_membership_born()
-- next
CREATE OR REPLACE FUNCTION told_membership_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."person_id" IS DISTINCT FROM OLD."person_id" OR NEW."desk_id" IS DISTINCT FROM OLD."desk_id" OR NEW."client_id" IS DISTINCT FROM OLD."client_id" OR NEW."covers_clients" IS DISTINCT FROM OLD."covers_clients" OR NEW."tier" IS DISTINCT FROM OLD."tier" OR NEW."max_stakes" IS DISTINCT FROM OLD."max_stakes" OR NEW."ceilings" IS DISTINCT FROM OLD."ceilings" OR NEW."daily_ceilings" IS DISTINCT FROM OLD."daily_ceilings" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_membership_changed BEFORE UPDATE ON approvals_membership FOR EACH ROW EXECUTE FUNCTION told_membership_changed()
-- next
CREATE OR REPLACE FUNCTION told_membership_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalmembership h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."person_id" IS DISTINCT FROM NEW."person_id" OR h."desk_id" IS DISTINCT FROM NEW."desk_id" OR h."client_id" IS DISTINCT FROM NEW."client_id" OR h."covers_clients" IS DISTINCT FROM NEW."covers_clients" OR h."tier" IS DISTINCT FROM NEW."tier" OR h."max_stakes" IS DISTINCT FROM NEW."max_stakes" OR h."ceilings" IS DISTINCT FROM NEW."ceilings" OR h."daily_ceilings" IS DISTINCT FROM NEW."daily_ceilings")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_membership_whole AFTER INSERT OR UPDATE ON approvals_membership DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_membership_whole()
-- next
CREATE OR REPLACE FUNCTION told_membership_removed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_historicalmembership h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS DISTINCT FROM OLD."id" OR h."person_id" IS DISTINCT FROM OLD."person_id" OR h."desk_id" IS DISTINCT FROM OLD."desk_id" OR h."client_id" IS DISTINCT FROM OLD."client_id" OR h."covers_clients" IS DISTINCT FROM OLD."covers_clients" OR h."tier" IS DISTINCT FROM OLD."tier" OR h."max_stakes" IS DISTINCT FROM OLD."max_stakes" OR h."ceilings" IS DISTINCT FROM OLD."ceilings" OR h."daily_ceilings" IS DISTINCT FROM OLD."daily_ceilings")) THEN RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER told_membership_removed BEFORE DELETE ON approvals_membership FOR EACH ROW EXECUTE FUNCTION told_membership_removed()
-- next
CREATE OR REPLACE FUNCTION told_membership_removed_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_membership_removed_whole BEFORE TRUNCATE ON approvals_membership FOR EACH STATEMENT EXECUTE FUNCTION told_membership_removed_whole()
-- next
CREATE OR REPLACE FUNCTION told_person_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_person_born BEFORE INSERT ON approvals_person FOR EACH ROW EXECUTE FUNCTION told_person_born()
-- next
CREATE OR REPLACE FUNCTION told_person_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."password" IS DISTINCT FROM OLD."password" OR NEW."username" IS DISTINCT FROM OLD."username" OR NEW."first_name" IS DISTINCT FROM OLD."first_name" OR NEW."last_name" IS DISTINCT FROM OLD."last_name" OR NEW."email" IS DISTINCT FROM OLD."email" OR NEW."is_staff" IS DISTINCT FROM OLD."is_staff" OR NEW."is_active" IS DISTINCT FROM OLD."is_active" OR NEW."date_joined" IS DISTINCT FROM OLD."date_joined" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."is_superuser" IS DISTINCT FROM OLD."is_superuser" OR NEW."time_zone" IS DISTINCT FROM OLD."time_zone" OR NEW."language" IS DISTINCT FROM OLD."language" OR NEW."toured_at" IS DISTINCT FROM OLD."toured_at" OR NEW."is_demo" IS DISTINCT FROM OLD."is_demo" OR NEW."notification_mode" IS DISTINCT FROM OLD."notification_mode" OR NEW."digest_minutes" IS DISTINCT FROM OLD."digest_minutes" OR NEW."digest_times" IS DISTINCT FROM OLD."digest_times" OR NEW."quiet_from" IS DISTINCT FROM OLD."quiet_from" OR NEW."quiet_until" IS DISTINCT FROM OLD."quiet_until" OR NEW."quiet_weekends" IS DISTINCT FROM OLD."quiet_weekends" OR NEW."hold_urgent" IS DISTINCT FROM OLD."hold_urgent" OR NEW."password_set_by_id" IS DISTINCT FROM OLD."password_set_by_id" OR NEW."email_set_by_id" IS DISTINCT FROM OLD."email_set_by_id" OR NEW."normalized_username" IS DISTINCT FROM OLD."normalized_username" OR NEW."normalized_email" IS DISTINCT FROM OLD."normalized_email" OR NEW."normalized_name" IS DISTINCT FROM OLD."normalized_name" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_person_changed BEFORE UPDATE ON approvals_person FOR EACH ROW EXECUTE FUNCTION told_person_changed()
-- next
CREATE OR REPLACE FUNCTION told_person_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalperson h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."username" IS DISTINCT FROM NEW."username" OR h."first_name" IS DISTINCT FROM NEW."first_name" OR h."last_name" IS DISTINCT FROM NEW."last_name" OR h."email" IS DISTINCT FROM NEW."email" OR h."is_staff" IS DISTINCT FROM NEW."is_staff" OR h."is_active" IS DISTINCT FROM NEW."is_active" OR h."date_joined" IS DISTINCT FROM NEW."date_joined" OR h."is_superuser" IS DISTINCT FROM NEW."is_superuser" OR h."time_zone" IS DISTINCT FROM NEW."time_zone" OR h."language" IS DISTINCT FROM NEW."language" OR h."toured_at" IS DISTINCT FROM NEW."toured_at" OR h."is_demo" IS DISTINCT FROM NEW."is_demo" OR h."notification_mode" IS DISTINCT FROM NEW."notification_mode" OR h."digest_minutes" IS DISTINCT FROM NEW."digest_minutes" OR h."digest_times" IS DISTINCT FROM NEW."digest_times" OR h."quiet_from" IS DISTINCT FROM NEW."quiet_from" OR h."quiet_until" IS DISTINCT FROM NEW."quiet_until" OR h."quiet_weekends" IS DISTINCT FROM NEW."quiet_weekends" OR h."hold_urgent" IS DISTINCT FROM NEW."hold_urgent" OR h."password_set_by_id" IS DISTINCT FROM NEW."password_set_by_id" OR h."email_set_by_id" IS DISTINCT FROM NEW."email_set_by_id")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_person_whole AFTER INSERT OR UPDATE ON approvals_person DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_person_whole()
-- next
CREATE OR REPLACE FUNCTION told_person_removed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_historicalperson h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS DISTINCT FROM OLD."id" OR h."username" IS DISTINCT FROM OLD."username" OR h."first_name" IS DISTINCT FROM OLD."first_name" OR h."last_name" IS DISTINCT FROM OLD."last_name" OR h."email" IS DISTINCT FROM OLD."email" OR h."is_staff" IS DISTINCT FROM OLD."is_staff" OR h."is_active" IS DISTINCT FROM OLD."is_active" OR h."date_joined" IS DISTINCT FROM OLD."date_joined" OR h."is_superuser" IS DISTINCT FROM OLD."is_superuser" OR h."time_zone" IS DISTINCT FROM OLD."time_zone" OR h."language" IS DISTINCT FROM OLD."language" OR h."toured_at" IS DISTINCT FROM OLD."toured_at" OR h."is_demo" IS DISTINCT FROM OLD."is_demo" OR h."notification_mode" IS DISTINCT FROM OLD."notification_mode" OR h."digest_minutes" IS DISTINCT FROM OLD."digest_minutes" OR h."digest_times" IS DISTINCT FROM OLD."digest_times" OR h."quiet_from" IS DISTINCT FROM OLD."quiet_from" OR h."quiet_until" IS DISTINCT FROM OLD."quiet_until" OR h."quiet_weekends" IS DISTINCT FROM OLD."quiet_weekends" OR h."hold_urgent" IS DISTINCT FROM OLD."hold_urgent" OR h."password_set_by_id" IS DISTINCT FROM OLD."password_set_by_id" OR h."email_set_by_id" IS DISTINCT FROM OLD."email_set_by_id")) THEN RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER told_person_removed BEFORE DELETE ON approvals_person FOR EACH ROW EXECUTE FUNCTION told_person_removed()
-- next
CREATE OR REPLACE FUNCTION told_person_removed_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_person_removed_whole BEFORE TRUNCATE ON approvals_person FOR EACH STATEMENT EXECUTE FUNCTION told_person_removed_whole()
-- next
CREATE OR REPLACE FUNCTION told_subjectowner_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_subjectowner_born BEFORE INSERT ON approvals_subjectowner FOR EACH ROW EXECUTE FUNCTION told_subjectowner_born()
-- next
CREATE OR REPLACE FUNCTION told_subjectowner_changed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id <> OLD.id OR (CASE WHEN NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN NEW.entry_id IS NULL OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) ELSE NEW."id" IS DISTINCT FROM OLD."id" OR NEW."seal" IS DISTINCT FROM OLD."seal" OR NEW."subject" IS DISTINCT FROM OLD."subject" OR NEW."owner_id" IS DISTINCT FROM OLD."owner_id" OR NEW."from_on" IS DISTINCT FROM OLD."from_on" OR NEW."until_on" IS DISTINCT FROM OLD."until_on" OR NEW."spelled" IS DISTINCT FROM OLD."spelled" END) THEN RAISE EXCEPTION 'a change of this row needs a new ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_subjectowner_changed BEFORE UPDATE ON approvals_subjectowner FOR EACH ROW EXECUTE FUNCTION told_subjectowner_changed()
-- next
CREATE OR REPLACE FUNCTION told_subjectowner_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF TG_OP = 'INSERT' OR NEW.entry_id IS DISTINCT FROM OLD.entry_id THEN IF NEW.entry_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry e JOIN approvals_historicalsubjectowner h ON h.history_id = e.history_id WHERE e.id = NEW.entry_id AND e.action_id IS NULL AND h.entry_id = e.id AND h.history_type <> '-' AND NOT (h."id" IS DISTINCT FROM NEW."id" OR h."subject" IS DISTINCT FROM NEW."subject" OR h."owner_id" IS DISTINCT FROM NEW."owner_id" OR h."from_on" IS DISTINCT FROM NEW."from_on" OR h."until_on" IS DISTINCT FROM NEW."until_on" OR h."spelled" IS DISTINCT FROM NEW."spelled")) THEN RAISE EXCEPTION 'the ledger entry of this row must name a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER told_subjectowner_whole AFTER INSERT OR UPDATE ON approvals_subjectowner DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION told_subjectowner_whole()
-- next
CREATE OR REPLACE FUNCTION told_subjectowner_removed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_historicalsubjectowner h JOIN approvals_ledgerentry e ON e.id = h.entry_id WHERE h.id = OLD.id AND h.history_type = '-' AND e.history_id = h.history_id AND NOT (h."id" IS DISTINCT FROM OLD."id" OR h."subject" IS DISTINCT FROM OLD."subject" OR h."owner_id" IS DISTINCT FROM OLD."owner_id" OR h."from_on" IS DISTINCT FROM OLD."from_on" OR h."until_on" IS DISTINCT FROM OLD."until_on" OR h."spelled" IS DISTINCT FROM OLD."spelled")) THEN RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER told_subjectowner_removed BEFORE DELETE ON approvals_subjectowner FOR EACH ROW EXECUTE FUNCTION told_subjectowner_removed()
-- next
CREATE OR REPLACE FUNCTION told_subjectowner_removed_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'the removal of this row needs a ledger entry' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER told_subjectowner_removed_whole BEFORE TRUNCATE ON approvals_subjectowner FOR EACH STATEMENT EXECUTE FUNCTION told_subjectowner_removed_whole()
-- next
CREATE OR REPLACE FUNCTION entry_guard() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            
    IF NEW.state_to <> '' THEN
        IF NEW.state_from || '>' || NEW.state_to NOT IN ('>proposed', 'approved>executing', 'approved>expired', 'approved>failed', 'approved>pending', 'approved>withdrawn', 'executing>executed', 'executing>failed', 'executing>uncertain', 'failed>executing', 'modified>executing', 'modified>expired', 'modified>failed', 'modified>pending', 'modified>withdrawn', 'pending>approved', 'pending>expired', 'pending>modified', 'pending>rejected', 'pending>withdrawn', 'proposed>approved', 'proposed>expired', 'proposed>pending', 'proposed>rejected', 'proposed>withdrawn', 'rejected>pending', 'uncertain>executed', 'uncertain>executing', 'uncertain>failed') THEN RAISE EXCEPTION 'a ledger entry must contain the current state of its action' USING ERRCODE = '23000'; END IF;
        IF NOT EXISTS (SELECT 1 FROM approvals_action WHERE id = NEW.action_id AND entry_id = NEW.id AND state = NEW.state_to) THEN RAISE EXCEPTION 'a ledger entry must contain the current state of its action' USING ERRCODE = '23000'; END IF;
    ELSE
        IF NEW.state_from <> '' THEN RAISE EXCEPTION 'a ledger entry must contain the current state of its action' USING ERRCODE = '23000'; END IF;
        IF EXISTS (SELECT 1 FROM approvals_action WHERE entry_id = NEW.id) THEN RAISE EXCEPTION 'a ledger entry must contain the current state of its action' USING ERRCODE = '23000'; END IF;
    END IF;
    IF NEW.history_id IS NULL AND NEW.history_digest <> '' OR json_typeof(NEW.data::json) <> 'object' OR NEW.digest IS DISTINCT FROM encode(sha256(convert_to('{' || '"action":' || COALESCE('"' || NEW.action_id || '"', 'null') || ',' || '"actor":' || to_json(NEW.actor::text)::text || ',' || '"at":' || '"' || to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') || '"' || ',' || '"data":' || NEW.data || ',' || '"door":' || to_json(NEW.door::text)::text || ',' || '"event":' || to_json(NEW.event::text)::text || ',' || '"from":' || COALESCE(to_json(NULLIF(NEW.state_from, '')::text)::text, 'null') || ',' || '"history":' || COALESCE('{"digest":' || to_json(NEW.history_digest::text)::text || ',"id":"' || NEW.history_id || '"}', 'null') || ',' || '"id":' || '"' || NEW.id || '"' || ',' || '"to":' || COALESCE(to_json(NULLIF(NEW.state_to, '')::text)::text, 'null') || '}', 'UTF8')), 'hex') THEN RAISE EXCEPTION 'the columns and the data of a ledger entry must match its digest' USING ERRCODE = '23000'; END IF;
    IF NEW.state_to <> '' THEN IF NOT EXISTS (
    SELECT 1 FROM approvals_historicalaction h
    WHERE h.history_id = NEW.history_id AND h.id = NEW.action_id AND h.entry_id = NEW.id AND h.state = NEW.state_to
) THEN RAISE EXCEPTION 'a state change needs a history row that holds it' USING ERRCODE = '23000'; END IF; END IF;
    INSERT INTO approvals_ledgeroutbox (entry_id) VALUES (NEW.id);

            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER entry_guard AFTER INSERT ON approvals_ledgerentry FOR EACH ROW EXECUTE FUNCTION entry_guard()
-- next
CREATE OR REPLACE FUNCTION approvals_ledgerentry_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_ledgerentry is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_ledgerentry_kept BEFORE UPDATE OR DELETE ON approvals_ledgerentry FOR EACH ROW EXECUTE FUNCTION approvals_ledgerentry_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_ledgerentry_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_ledgerentry is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_ledgerentry_whole BEFORE TRUNCATE ON approvals_ledgerentry FOR EACH STATEMENT EXECUTE FUNCTION approvals_ledgerentry_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_ledgerposition_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_ledgerposition is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_ledgerposition_kept BEFORE UPDATE OR DELETE ON approvals_ledgerposition FOR EACH ROW EXECUTE FUNCTION approvals_ledgerposition_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_ledgerposition_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_ledgerposition is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_ledgerposition_whole BEFORE TRUNCATE ON approvals_ledgerposition FOR EACH STATEMENT EXECUTE FUNCTION approvals_ledgerposition_whole()
-- next
CREATE OR REPLACE FUNCTION position_next() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            
    DECLARE first bigint; last bigint; given bigint;
    BEGIN
        SELECT MIN(number), MAX(number), COUNT(*) INTO first, last, given FROM fresh;
        IF last - first + 1 <> given OR EXISTS (SELECT 1 FROM approvals_ledgerposition WHERE number > last) OR first <> 1 AND NOT EXISTS (SELECT 1 FROM approvals_ledgerposition WHERE number = first - 1) THEN RAISE EXCEPTION 'only the next position can be given to a ledger entry' USING ERRCODE = '23000'; END IF;
    END;

            RETURN NULL;
        END $guard$
-- next
CREATE TRIGGER position_next AFTER INSERT ON approvals_ledgerposition REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION position_next()
-- next
CREATE OR REPLACE FUNCTION pending_new() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF EXISTS (SELECT 1 FROM approvals_ledgerposition WHERE entry_id = NEW.entry_id) THEN RAISE EXCEPTION 'a waiting ledger entry cannot change, and a numbered one does not wait' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER pending_new BEFORE INSERT ON approvals_ledgeroutbox FOR EACH ROW EXECUTE FUNCTION pending_new()
-- next
CREATE OR REPLACE FUNCTION pending_moved() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF 1 = 1 THEN RAISE EXCEPTION 'a waiting ledger entry cannot change, and a numbered one does not wait' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER pending_moved BEFORE UPDATE ON approvals_ledgeroutbox FOR EACH ROW EXECUTE FUNCTION pending_moved()
-- next
CREATE OR REPLACE FUNCTION pending_numbered() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_ledgerposition WHERE entry_id = OLD.entry_id) THEN RAISE EXCEPTION 'a ledger entry must wait in the outbox until it has a position' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER pending_numbered BEFORE DELETE ON approvals_ledgeroutbox FOR EACH ROW EXECUTE FUNCTION pending_numbered()
-- next
CREATE OR REPLACE FUNCTION pending_numbered_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'a ledger entry must wait in the outbox until it has a position' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER pending_numbered_whole BEFORE TRUNCATE ON approvals_ledgeroutbox FOR EACH STATEMENT EXECUTE FUNCTION pending_numbered_whole()
-- next
CREATE OR REPLACE FUNCTION action_guard() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' THEN RAISE EXCEPTION 'a new action must be in the proposed state and have its own ledger entry' USING ERRCODE = '23000'; END IF;
        IF EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a new action must be in the proposed state and have its own ledger entry' USING ERRCODE = '23000'; END IF;
        IF NEW.parent_id IS NOT NULL THEN IF 
    NOT EXISTS (
        SELECT 1 FROM approvals_action p
        WHERE p.id = NEW.parent_id AND p.agent_id = NEW.agent_id AND p.depth = NEW.depth - 1
    )
 THEN RAISE EXCEPTION 'a parent must be an earlier action of the same agent' USING ERRCODE = '23000'; END IF; END IF;
    ELSIF NEW.state = OLD.state THEN
        IF NEW.entry_id <> OLD.entry_id OR NEW.id <> OLD.id THEN RAISE EXCEPTION 'the ledger entry of an action can change only together with its state' USING ERRCODE = '23000'; END IF;
    ELSE
        IF NEW.entry_id = OLD.entry_id OR NEW.id <> OLD.id THEN RAISE EXCEPTION 'a state change needs a new ledger entry' USING ERRCODE = '23000'; END IF;
        IF EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a state change needs a new ledger entry' USING ERRCODE = '23000'; END IF;
        IF NOT EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = OLD.entry_id) THEN RAISE EXCEPTION 'the previous state change has no ledger entry' USING ERRCODE = '23000'; END IF;
        IF OLD.state || '>' || NEW.state NOT IN ('approved>executing', 'approved>expired', 'approved>failed', 'approved>pending', 'approved>withdrawn', 'executing>executed', 'executing>failed', 'executing>uncertain', 'failed>executing', 'modified>executing', 'modified>expired', 'modified>failed', 'modified>pending', 'modified>withdrawn', 'pending>approved', 'pending>expired', 'pending>modified', 'pending>rejected', 'pending>withdrawn', 'proposed>approved', 'proposed>expired', 'proposed>pending', 'proposed>rejected', 'proposed>withdrawn', 'rejected>pending', 'uncertain>executed', 'uncertain>executing', 'uncertain>failed') THEN RAISE EXCEPTION 'this state change is not allowed' USING ERRCODE = '23000'; END IF;
    END IF;

            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER action_guard BEFORE INSERT OR UPDATE ON approvals_action FOR EACH ROW EXECUTE FUNCTION action_guard()
-- next
CREATE OR REPLACE FUNCTION approvals_action_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.action_type_id IS DISTINCT FROM OLD.action_type_id OR NEW.agent_id IS DISTINCT FROM OLD.agent_id OR NEW.owner_id IS DISTINCT FROM OLD.owner_id OR NEW.desk_id IS DISTINCT FROM OLD.desk_id OR NEW.client_id IS DISTINCT FROM OLD.client_id OR NEW.idempotency_key IS DISTINCT FROM OLD.idempotency_key OR NEW.request_digest IS DISTINCT FROM OLD.request_digest OR NEW.confidence IS DISTINCT FROM OLD.confidence OR NEW.on_behalf_of IS DISTINCT FROM OLD.on_behalf_of OR NEW.thread IS DISTINCT FROM OLD.thread OR NEW.created_at IS DISTINCT FROM OLD.created_at OR NEW.expires_at IS DISTINCT FROM OLD.expires_at OR NEW.overrides_id IS DISTINCT FROM OLD.overrides_id OR NEW.overridden_by_id IS DISTINCT FROM OLD.overridden_by_id OR NEW.reverses_id IS DISTINCT FROM OLD.reverses_id OR NEW.requesters IS DISTINCT FROM OLD.requesters OR NEW.parent_id IS DISTINCT FROM OLD.parent_id OR NEW.depth IS DISTINCT FROM OLD.depth THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_action_fixed BEFORE UPDATE ON approvals_action FOR EACH ROW EXECUTE FUNCTION approvals_action_fixed()
-- next
CREATE OR REPLACE FUNCTION action_round() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF 
    NEW.round <> OLD.round AND NOT
    (NEW.round = OLD.round + 1 AND NEW.state = 'pending' AND OLD.state IN ('approved', 'modified', 'rejected'))
 THEN RAISE EXCEPTION 'a new round can start only when an approved or rejected action returns to review' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER action_round BEFORE UPDATE ON approvals_action FOR EACH ROW EXECUTE FUNCTION action_round()
-- next
CREATE OR REPLACE FUNCTION action_rejection() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.state = 'rejected' AND NEW.state = 'pending' THEN IF 
    NOT EXISTS (
        SELECT 1 FROM approvals_decision d
        WHERE d.action_id = OLD.id AND d.round = OLD.round AND d.is_final AND d.verdict = 'reject'
        AND d.person_id IS NOT NULL AND d.final_at IS NOT NULL
    )
 THEN RAISE EXCEPTION 'only a rejection by a person can be undone' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER action_rejection BEFORE UPDATE ON approvals_action FOR EACH ROW EXECUTE FUNCTION action_rejection()
-- next
CREATE OR REPLACE FUNCTION action_revision() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.revision_id <> OLD.revision_id THEN IF 
    NOT EXISTS (
        SELECT 1 FROM approvals_revision r
        WHERE r.id = NEW.revision_id AND r.action_id = NEW.id
        AND r.number > (SELECT o.number FROM approvals_revision o WHERE o.id = OLD.revision_id)
    )
 THEN RAISE EXCEPTION 'the current revision of an action can change only to a later one of its own' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER action_revision BEFORE UPDATE ON approvals_action FOR EACH ROW EXECUTE FUNCTION action_revision()
-- next
CREATE OR REPLACE FUNCTION approvals_action_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_action is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_action_kept BEFORE DELETE ON approvals_action FOR EACH ROW EXECUTE FUNCTION approvals_action_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_action_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_action is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_action_whole BEFORE TRUNCATE ON approvals_action FOR EACH STATEMENT EXECUTE FUNCTION approvals_action_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_revision_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_revision is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_revision_kept BEFORE UPDATE OR DELETE ON approvals_revision FOR EACH ROW EXECUTE FUNCTION approvals_revision_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_revision_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_revision is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_revision_whole BEFORE TRUNCATE ON approvals_revision FOR EACH STATEMENT EXECUTE FUNCTION approvals_revision_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_text_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_text is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_text_kept BEFORE UPDATE OR DELETE ON approvals_text FOR EACH ROW EXECUTE FUNCTION approvals_text_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_text_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_text is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_text_whole BEFORE TRUNCATE ON approvals_text FOR EACH STATEMENT EXECUTE FUNCTION approvals_text_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_lookupresult_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_lookupresult is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_lookupresult_kept BEFORE UPDATE OR DELETE ON approvals_lookupresult FOR EACH ROW EXECUTE FUNCTION approvals_lookupresult_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_lookupresult_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_lookupresult is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_lookupresult_whole BEFORE TRUNCATE ON approvals_lookupresult FOR EACH STATEMENT EXECUTE FUNCTION approvals_lookupresult_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_policyevaluation_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_policyevaluation is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_policyevaluation_kept BEFORE UPDATE OR DELETE ON approvals_policyevaluation FOR EACH ROW EXECUTE FUNCTION approvals_policyevaluation_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_policyevaluation_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_policyevaluation is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_policyevaluation_whole BEFORE TRUNCATE ON approvals_policyevaluation FOR EACH STATEMENT EXECUTE FUNCTION approvals_policyevaluation_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_stage_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.action_id IS DISTINCT FROM OLD.action_id OR NEW.round IS DISTINCT FROM OLD.round OR NEW.number IS DISTINCT FROM OLD.number OR NEW.desk_id IS DISTINCT FROM OLD.desk_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.step IS DISTINCT FROM OLD.step OR NEW.group_id IS DISTINCT FROM OLD.group_id OR NEW.is_other_desk IS DISTINCT FROM OLD.is_other_desk THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_stage_fixed BEFORE UPDATE ON approvals_stage FOR EACH ROW EXECUTE FUNCTION approvals_stage_fixed()
-- next
CREATE OR REPLACE FUNCTION stage_bar() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.state NOT IN ('open', 'waiting') OR NEW.tier < OLD.tier OR NEW.quorum < OLD.quorum THEN RAISE EXCEPTION 'the requirements of a stage cannot be lowered, and a closed stage cannot change' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER stage_bar BEFORE UPDATE ON approvals_stage FOR EACH ROW EXECUTE FUNCTION stage_bar()
-- next
CREATE OR REPLACE FUNCTION stage_order() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF 
    (OLD.state = 'waiting' AND NEW.state NOT IN ('waiting', 'open', 'superseded'))
    OR (OLD.state = 'open' AND NEW.state = 'waiting')
 THEN RAISE EXCEPTION 'a waiting stage must open before it ends, and an open stage cannot go back to waiting' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER stage_order BEFORE UPDATE ON approvals_stage FOR EACH ROW EXECUTE FUNCTION stage_order()
-- next
CREATE OR REPLACE FUNCTION stage_frozen() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.state <> 'waiting' AND (NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.opened_at IS DISTINCT FROM OLD.opened_at) THEN RAISE EXCEPTION 'the assignee and the opening time of a stage cannot change after it opens' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER stage_frozen BEFORE UPDATE ON approvals_stage FOR EACH ROW EXECUTE FUNCTION stage_frozen()
-- next
CREATE OR REPLACE FUNCTION approvals_stage_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_stage is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_stage_kept BEFORE DELETE ON approvals_stage FOR EACH ROW EXECUTE FUNCTION approvals_stage_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_stage_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_stage is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_stage_whole BEFORE TRUNCATE ON approvals_stage FOR EACH STATEMENT EXECUTE FUNCTION approvals_stage_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_attachment_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.agent_id IS DISTINCT FROM OLD.agent_id OR NEW.size IS DISTINCT FROM OLD.size OR NEW.media_type IS DISTINCT FROM OLD.media_type OR NEW.created_at IS DISTINCT FROM OLD.created_at THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_attachment_fixed BEFORE UPDATE ON approvals_attachment FOR EACH ROW EXECUTE FUNCTION approvals_attachment_fixed()
-- next
CREATE OR REPLACE FUNCTION attachment_erased() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.erased_at IS NOT NULL THEN RAISE EXCEPTION 'an erased attachment cannot change' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER attachment_erased BEFORE UPDATE ON approvals_attachment FOR EACH ROW EXECUTE FUNCTION attachment_erased()
-- next
CREATE OR REPLACE FUNCTION attachment_renamed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF (NEW.sha256 <> OLD.sha256 OR NEW.name <> OLD.name) AND (NEW.erased_at IS NULL OR NEW.sha256 <> '') THEN RAISE EXCEPTION 'the digest and the name of an attachment can only be erased' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER attachment_renamed BEFORE UPDATE ON approvals_attachment FOR EACH ROW EXECUTE FUNCTION attachment_renamed()
-- next
CREATE OR REPLACE FUNCTION attachment_detached() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.attached_at IS NOT NULL AND NEW.attached_at IS NULL THEN RAISE EXCEPTION 'an attachment that an action has cannot become unattached' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER attachment_detached BEFORE UPDATE ON approvals_attachment FOR EACH ROW EXECUTE FUNCTION attachment_detached()
-- next
CREATE OR REPLACE FUNCTION attachment_taken() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.attached_at IS NOT NULL THEN RAISE EXCEPTION 'an attachment that an action has cannot be deleted' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER attachment_taken BEFORE DELETE ON approvals_attachment FOR EACH ROW EXECUTE FUNCTION attachment_taken()
-- next
CREATE OR REPLACE FUNCTION attachment_taken_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'an attachment that an action has cannot be deleted' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER attachment_taken_whole BEFORE TRUNCATE ON approvals_attachment FOR EACH STATEMENT EXECUTE FUNCTION attachment_taken_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_actionattachment_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.action_id IS DISTINCT FROM OLD.action_id OR NEW.attachment_id IS DISTINCT FROM OLD.attachment_id OR NEW.number IS DISTINCT FROM OLD.number OR NEW.position IS DISTINCT FROM OLD.position OR NEW.digest IS DISTINCT FROM OLD.digest THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_actionattachment_fixed BEFORE UPDATE ON approvals_actionattachment FOR EACH ROW EXECUTE FUNCTION approvals_actionattachment_fixed()
-- next
CREATE OR REPLACE FUNCTION attachment_salt() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.salt <> OLD.salt AND NEW.salt <> '' THEN RAISE EXCEPTION 'the salt of an attachment can only be erased' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER attachment_salt BEFORE UPDATE ON approvals_actionattachment FOR EACH ROW EXECUTE FUNCTION attachment_salt()
-- next
CREATE OR REPLACE FUNCTION attachment_foreign() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF 
    NOT EXISTS (
        SELECT 1 FROM approvals_attachment f JOIN approvals_action a ON a.agent_id = f.agent_id
        WHERE f.id = NEW.attachment_id AND f.erased_at IS NULL AND a.id = NEW.action_id
    )
 THEN RAISE EXCEPTION 'an action can only have attachments of its own agent' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER attachment_foreign BEFORE INSERT ON approvals_actionattachment FOR EACH ROW EXECUTE FUNCTION attachment_foreign()
-- next
CREATE OR REPLACE FUNCTION approvals_actionattachment_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_actionattachment is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_actionattachment_kept BEFORE DELETE ON approvals_actionattachment FOR EACH ROW EXECUTE FUNCTION approvals_actionattachment_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_actionattachment_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_actionattachment is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_actionattachment_whole BEFORE TRUNCATE ON approvals_actionattachment FOR EACH STATEMENT EXECUTE FUNCTION approvals_actionattachment_whole()
-- next
CREATE OR REPLACE FUNCTION decision_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.is_final AND NEW.verdict IN ('approve', 'modify') THEN IF EXISTS (
    SELECT 1 FROM approvals_stage s
    WHERE s.action_id = NEW.action_id AND s.round = NEW.round AND s.state IN ('open', 'waiting')
) THEN RAISE EXCEPTION 'an action cannot be approved while a stage of its plan is open or waiting' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER decision_whole BEFORE INSERT ON approvals_decision FOR EACH ROW EXECUTE FUNCTION decision_whole()
-- next
CREATE OR REPLACE FUNCTION decision_bound() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NOT EXISTS (
    SELECT 1 FROM approvals_ledgerentry e, approvals_revision r
    WHERE e.id = NEW.entry_id AND e.action_id = NEW.action_id
    AND (NEW.person_id IS NULL OR e.actor = 'person:' || NEW.person_id)
    AND (NOT NEW.is_final OR e.state_to IN ('approved', 'modified', 'rejected', 'expired'))
    AND r.id = NEW.revision_id AND r.action_id = NEW.action_id AND r.digest = NEW.digest
) THEN RAISE EXCEPTION 'a decision needs a matching ledger entry and revision' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER decision_bound BEFORE INSERT ON approvals_decision FOR EACH ROW EXECUTE FUNCTION decision_bound()
-- next
CREATE OR REPLACE FUNCTION approvals_decision_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_decision is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_decision_kept BEFORE UPDATE OR DELETE ON approvals_decision FOR EACH ROW EXECUTE FUNCTION approvals_decision_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_decision_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_decision is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_decision_whole BEFORE TRUNCATE ON approvals_decision FOR EACH STATEMENT EXECUTE FUNCTION approvals_decision_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_note_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.action_id IS DISTINCT FROM OLD.action_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.agent_id IS DISTINCT FROM OLD.agent_id OR NEW.text_id IS DISTINCT FROM OLD.text_id OR NEW.answers_id IS DISTINCT FROM OLD.answers_id OR NEW.at IS DISTINCT FROM OLD.at OR NEW.entry_id IS DISTINCT FROM OLD.entry_id OR NEW.handed_to_id IS DISTINCT FROM OLD.handed_to_id OR NEW.revision_id IS DISTINCT FROM OLD.revision_id THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_note_fixed BEFORE UPDATE ON approvals_note FOR EACH ROW EXECUTE FUNCTION approvals_note_fixed()
-- next
CREATE OR REPLACE FUNCTION approvals_note_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_note is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_note_kept BEFORE DELETE ON approvals_note FOR EACH ROW EXECUTE FUNCTION approvals_note_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_note_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_note is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_note_whole BEFORE TRUNCATE ON approvals_note FOR EACH STATEMENT EXECUTE FUNCTION approvals_note_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_execution_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.action_id IS DISTINCT FROM OLD.action_id OR NEW.agent_id IS DISTINCT FROM OLD.agent_id OR NEW.revision_id IS DISTINCT FROM OLD.revision_id OR NEW.round IS DISTINCT FROM OLD.round OR NEW.digest IS DISTINCT FROM OLD.digest OR NEW.mode IS DISTINCT FROM OLD.mode OR NEW.connector IS DISTINCT FROM OLD.connector OR NEW.target_digest IS DISTINCT FROM OLD.target_digest OR NEW.key IS DISTINCT FROM OLD.key OR NEW.not_before IS DISTINCT FROM OLD.not_before OR NEW.expires_at IS DISTINCT FROM OLD.expires_at OR NEW.created_at IS DISTINCT FROM OLD.created_at OR NEW.end_number IS DISTINCT FROM OLD.end_number OR NEW.reverses_id IS DISTINCT FROM OLD.reverses_id OR NEW.is_early IS DISTINCT FROM OLD.is_early THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_execution_fixed BEFORE UPDATE ON approvals_execution FOR EACH ROW EXECUTE FUNCTION approvals_execution_fixed()
-- next
CREATE OR REPLACE FUNCTION execution_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.state <> 'ready' OR NEW.cancel_asked_at IS NOT NULL OR NOT EXISTS (
    SELECT 1 FROM approvals_decision d
    WHERE d.action_id = NEW.action_id AND d.round = NEW.round AND d.is_final AND d.verdict IN ('approve', 'modify')
    AND d.revision_id = NEW.revision_id AND d.digest = NEW.digest
) THEN RAISE EXCEPTION 'an execution needs a decision that approves its revision' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER execution_born BEFORE INSERT ON approvals_execution FOR EACH ROW EXECUTE FUNCTION execution_born()
-- next
CREATE OR REPLACE FUNCTION execution_ends() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.end_number > 0 THEN IF NOT EXISTS (
    SELECT 1 FROM approvals_execution x
    WHERE x.id = NEW.reverses_id AND x.state = 'succeeded' AND x.end_number = 0 AND x.action_id = NEW.action_id
    AND x.revision_id = NEW.revision_id AND x.round = NEW.round AND x.digest = NEW.digest
    AND x.target_digest = NEW.target_digest AND x.connector = NEW.connector AND x.target = NEW.target
    AND x.mode = NEW.mode AND x.agent_id = NEW.agent_id
) THEN RAISE EXCEPTION 'an end needs the successful execution that it reverses' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER execution_ends BEFORE INSERT ON approvals_execution FOR EACH ROW EXECUTE FUNCTION execution_ends()
-- next
CREATE OR REPLACE FUNCTION execution_sent() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF (NEW.state = OLD.state OR OLD.state <> 'ready' OR OLD.end_number > 0) AND (NEW.target IS DISTINCT FROM OLD.target) THEN RAISE EXCEPTION 'the target of an execution is set when it starts' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER execution_sent BEFORE UPDATE ON approvals_execution FOR EACH ROW EXECUTE FUNCTION execution_sent()
-- next
CREATE OR REPLACE FUNCTION execution_steps() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('ready>running', 'ready>canceled', 'ready>failed', 'running>succeeded', 'running>failed', 'running>uncertain', 'uncertain>succeeded', 'uncertain>failed') THEN RAISE EXCEPTION 'an execution cannot return to an earlier state' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER execution_steps BEFORE UPDATE ON approvals_execution FOR EACH ROW EXECUTE FUNCTION execution_steps()
-- next
CREATE OR REPLACE FUNCTION execution_asked() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF COALESCE(NEW.cancel_asked_at <> OLD.cancel_asked_at, (NEW.cancel_asked_at IS NULL) <> (OLD.cancel_asked_at IS NULL)) THEN IF NOT EXISTS (SELECT 1 FROM approvals_stoprequest r WHERE r.execution_id = NEW.id AND r.at = NEW.cancel_asked_at) THEN RAISE EXCEPTION 'a cancellation is requested once, by a stop request' USING ERRCODE = '23000'; END IF; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER execution_asked BEFORE UPDATE ON approvals_execution FOR EACH ROW EXECUTE FUNCTION execution_asked()
-- next
CREATE OR REPLACE FUNCTION approvals_execution_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_execution is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_execution_kept BEFORE DELETE ON approvals_execution FOR EACH ROW EXECUTE FUNCTION approvals_execution_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_execution_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_execution is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_execution_whole BEFORE TRUNCATE ON approvals_execution FOR EACH STATEMENT EXECUTE FUNCTION approvals_execution_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_attempt_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_attempt is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_attempt_kept BEFORE UPDATE OR DELETE ON approvals_attempt FOR EACH ROW EXECUTE FUNCTION approvals_attempt_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_attempt_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_attempt is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_attempt_whole BEFORE TRUNCATE ON approvals_attempt FOR EACH STATEMENT EXECUTE FUNCTION approvals_attempt_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_stoprequest_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_stoprequest is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_stoprequest_kept BEFORE UPDATE OR DELETE ON approvals_stoprequest FOR EACH ROW EXECUTE FUNCTION approvals_stoprequest_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_stoprequest_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_stoprequest is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_stoprequest_whole BEFORE TRUNCATE ON approvals_stoprequest FOR EACH STATEMENT EXECUTE FUNCTION approvals_stoprequest_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_standingrule_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.verdict IS DISTINCT FROM OLD.verdict OR NEW.action_type_id IS DISTINCT FROM OLD.action_type_id OR NEW.agent_id IS DISTINCT FROM OLD.agent_id OR NEW.client_id IS DISTINCT FROM OLD.client_id OR NEW.subject IS DISTINCT FROM OLD.subject OR NEW.condition IS DISTINCT FROM OLD.condition OR NEW.max_amount IS DISTINCT FROM OLD.max_amount OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.salt IS DISTINCT FROM OLD.salt OR NEW.count_per_day IS DISTINCT FROM OLD.count_per_day OR NEW.sum_per_day IS DISTINCT FROM OLD.sum_per_day OR NEW.sample_rate IS DISTINCT FROM OLD.sample_rate OR NEW.expires_at IS DISTINCT FROM OLD.expires_at OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.decision_id IS DISTINCT FROM OLD.decision_id OR NEW.made_by_id IS DISTINCT FROM OLD.made_by_id OR NEW.made_at IS DISTINCT FROM OLD.made_at OR NEW.agent_version IS DISTINCT FROM OLD.agent_version OR NEW.type_version IS DISTINCT FROM OLD.type_version OR NEW.target_digest IS DISTINCT FROM OLD.target_digest OR NEW.policies IS DISTINCT FROM OLD.policies OR NEW.waives IS DISTINCT FROM OLD.waives THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_standingrule_fixed BEFORE UPDATE ON approvals_standingrule FOR EACH ROW EXECUTE FUNCTION approvals_standingrule_fixed()
-- next
CREATE OR REPLACE FUNCTION standing_over() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.state IN ('stopped', 'expired') OR NEW.state = 'proposed' AND OLD.state <> 'proposed' THEN RAISE EXCEPTION 'a standing rule that has ended cannot change; create a new one' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER standing_over BEFORE UPDATE ON approvals_standingrule FOR EACH ROW EXECUTE FUNCTION standing_over()
-- next
CREATE OR REPLACE FUNCTION approvals_standingrule_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_standingrule is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_standingrule_kept BEFORE DELETE ON approvals_standingrule FOR EACH ROW EXECUTE FUNCTION approvals_standingrule_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_standingrule_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_standingrule is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_standingrule_whole BEFORE TRUNCATE ON approvals_standingrule FOR EACH STATEMENT EXECUTE FUNCTION approvals_standingrule_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_standinguse_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_standinguse is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_standinguse_kept BEFORE UPDATE OR DELETE ON approvals_standinguse FOR EACH ROW EXECUTE FUNCTION approvals_standinguse_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_standinguse_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_standinguse is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_standinguse_whole BEFORE TRUNCATE ON approvals_standinguse FOR EACH STATEMENT EXECUTE FUNCTION approvals_standinguse_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_samplecheck_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.action_id IS DISTINCT FROM OLD.action_id OR NEW.rule_id IS DISTINCT FROM OLD.rule_id OR NEW.desk_id IS DISTINCT FROM OLD.desk_id OR NEW.drawn_at IS DISTINCT FROM OLD.drawn_at THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_samplecheck_fixed BEFORE UPDATE ON approvals_samplecheck FOR EACH ROW EXECUTE FUNCTION approvals_samplecheck_fixed()
-- next
CREATE OR REPLACE FUNCTION sample_checked() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.state <> 'open' THEN RAISE EXCEPTION 'the result of a spot check cannot change' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER sample_checked BEFORE UPDATE ON approvals_samplecheck FOR EACH ROW EXECUTE FUNCTION sample_checked()
-- next
CREATE OR REPLACE FUNCTION approvals_samplecheck_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_samplecheck is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_samplecheck_kept BEFORE DELETE ON approvals_samplecheck FOR EACH ROW EXECUTE FUNCTION approvals_samplecheck_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_samplecheck_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_samplecheck is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_samplecheck_whole BEFORE TRUNCATE ON approvals_samplecheck FOR EACH STATEMENT EXECUTE FUNCTION approvals_samplecheck_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_halt_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.scope IS DISTINCT FROM OLD.scope OR NEW.desk_id IS DISTINCT FROM OLD.desk_id OR NEW.action_type_id IS DISTINCT FROM OLD.action_type_id OR NEW.agent_id IS DISTINCT FROM OLD.agent_id OR NEW.connector IS DISTINCT FROM OLD.connector OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.started_by_id IS DISTINCT FROM OLD.started_by_id OR NEW.started_at IS DISTINCT FROM OLD.started_at THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_halt_fixed BEFORE UPDATE ON approvals_halt FOR EACH ROW EXECUTE FUNCTION approvals_halt_fixed()
-- next
CREATE OR REPLACE FUNCTION halt_lifted() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.lifted_at IS NOT NULL THEN RAISE EXCEPTION 'a lifted halt cannot change; start a new one' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER halt_lifted BEFORE UPDATE ON approvals_halt FOR EACH ROW EXECUTE FUNCTION halt_lifted()
-- next
CREATE OR REPLACE FUNCTION approvals_halt_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_halt is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_halt_kept BEFORE DELETE ON approvals_halt FOR EACH ROW EXECUTE FUNCTION approvals_halt_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_halt_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_halt is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_halt_whole BEFORE TRUNCATE ON approvals_halt FOR EACH STATEMENT EXECUTE FUNCTION approvals_halt_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_breakglass_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.desk_id IS DISTINCT FROM OLD.desk_id OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.opened_at IS DISTINCT FROM OLD.opened_at OR NEW.expires_at IS DISTINCT FROM OLD.expires_at THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_breakglass_fixed BEFORE UPDATE ON approvals_breakglass FOR EACH ROW EXECUTE FUNCTION approvals_breakglass_fixed()
-- next
CREATE OR REPLACE FUNCTION break_glass_over() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.reviewed_at IS NOT NULL OR OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL THEN RAISE EXCEPTION 'a row that has ended cannot change; create a new one' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER break_glass_over BEFORE UPDATE ON approvals_breakglass FOR EACH ROW EXECUTE FUNCTION break_glass_over()
-- next
CREATE OR REPLACE FUNCTION approvals_breakglass_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_breakglass is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_breakglass_kept BEFORE DELETE ON approvals_breakglass FOR EACH ROW EXECUTE FUNCTION approvals_breakglass_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_breakglass_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_breakglass is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_breakglass_whole BEFORE TRUNCATE ON approvals_breakglass FOR EACH STATEMENT EXECUTE FUNCTION approvals_breakglass_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_breakglassuse_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_breakglassuse is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_breakglassuse_kept BEFORE UPDATE OR DELETE ON approvals_breakglassuse FOR EACH ROW EXECUTE FUNCTION approvals_breakglassuse_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_breakglassuse_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_breakglassuse is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_breakglassuse_whole BEFORE TRUNCATE ON approvals_breakglassuse FOR EACH STATEMENT EXECUTE FUNCTION approvals_breakglassuse_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_tightening_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.changes IS DISTINCT FROM OLD.changes OR NEW.left_out IS DISTINCT FROM OLD.left_out OR NEW.made_by_id IS DISTINCT FROM OLD.made_by_id OR NEW.made_through IS DISTINCT FROM OLD.made_through OR NEW.made_at IS DISTINCT FROM OLD.made_at THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_tightening_fixed BEFORE UPDATE ON approvals_tightening FOR EACH ROW EXECUTE FUNCTION approvals_tightening_fixed()
-- next
CREATE OR REPLACE FUNCTION tightening_reviewed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.reviewed_at IS NOT NULL THEN RAISE EXCEPTION 'a row that has ended cannot change; create a new one' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER tightening_reviewed BEFORE UPDATE ON approvals_tightening FOR EACH ROW EXECUTE FUNCTION tightening_reviewed()
-- next
CREATE OR REPLACE FUNCTION approvals_tightening_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_tightening is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_tightening_kept BEFORE DELETE ON approvals_tightening FOR EACH ROW EXECUTE FUNCTION approvals_tightening_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_tightening_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_tightening is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_tightening_whole BEFORE TRUNCATE ON approvals_tightening FOR EACH STATEMENT EXECUTE FUNCTION approvals_tightening_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_installation_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_installation is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_installation_kept BEFORE UPDATE OR DELETE ON approvals_installation FOR EACH ROW EXECUTE FUNCTION approvals_installation_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_installation_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_installation is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_installation_whole BEFORE TRUNCATE ON approvals_installation FOR EACH STATEMENT EXECUTE FUNCTION approvals_installation_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_restore_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_restore is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_restore_kept BEFORE UPDATE OR DELETE ON approvals_restore FOR EACH ROW EXECUTE FUNCTION approvals_restore_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_restore_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_restore is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_restore_whole BEFORE TRUNCATE ON approvals_restore FOR EACH STATEMENT EXECUTE FUNCTION approvals_restore_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_restoreend_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_restoreend is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_restoreend_kept BEFORE UPDATE OR DELETE ON approvals_restoreend FOR EACH ROW EXECUTE FUNCTION approvals_restoreend_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_restoreend_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_restoreend is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_restoreend_whole BEFORE TRUNCATE ON approvals_restoreend FOR EACH STATEMENT EXECUTE FUNCTION approvals_restoreend_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_lostdispatch_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_lostdispatch is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_lostdispatch_kept BEFORE UPDATE OR DELETE ON approvals_lostdispatch FOR EACH ROW EXECUTE FUNCTION approvals_lostdispatch_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_lostdispatch_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_lostdispatch is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_lostdispatch_whole BEFORE TRUNCATE ON approvals_lostdispatch FOR EACH STATEMENT EXECUTE FUNCTION approvals_lostdispatch_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_absence_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.starts_at IS DISTINCT FROM OLD.starts_at OR NEW.ends_at IS DISTINCT FROM OLD.ends_at OR NEW.entered_by_id IS DISTINCT FROM OLD.entered_by_id OR NEW.entered_at IS DISTINCT FROM OLD.entered_at THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_absence_fixed BEFORE UPDATE ON approvals_absence FOR EACH ROW EXECUTE FUNCTION approvals_absence_fixed()
-- next
CREATE OR REPLACE FUNCTION absence_ended() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.ended_at IS NOT NULL THEN RAISE EXCEPTION 'a row that has ended cannot change; create a new one' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER absence_ended BEFORE UPDATE ON approvals_absence FOR EACH ROW EXECUTE FUNCTION absence_ended()
-- next
CREATE OR REPLACE FUNCTION approvals_absence_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_absence is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_absence_kept BEFORE DELETE ON approvals_absence FOR EACH ROW EXECUTE FUNCTION approvals_absence_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_absence_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_absence is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_absence_whole BEFORE TRUNCATE ON approvals_absence FOR EACH STATEMENT EXECUTE FUNCTION approvals_absence_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_delegation_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.delegate_id IS DISTINCT FROM OLD.delegate_id OR NEW.desk_id IS DISTINCT FROM OLD.desk_id OR NEW.starts_at IS DISTINCT FROM OLD.starts_at OR NEW.ends_at IS DISTINCT FROM OLD.ends_at OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.granted_by_id IS DISTINCT FROM OLD.granted_by_id OR NEW.granted_at IS DISTINCT FROM OLD.granted_at THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_delegation_fixed BEFORE UPDATE ON approvals_delegation FOR EACH ROW EXECUTE FUNCTION approvals_delegation_fixed()
-- next
CREATE OR REPLACE FUNCTION delegation_ended() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.ended_at IS NOT NULL THEN RAISE EXCEPTION 'a row that has ended cannot change; create a new one' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER delegation_ended BEFORE UPDATE ON approvals_delegation FOR EACH ROW EXECUTE FUNCTION delegation_ended()
-- next
CREATE OR REPLACE FUNCTION approvals_delegation_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_delegation is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_delegation_kept BEFORE DELETE ON approvals_delegation FOR EACH ROW EXECUTE FUNCTION approvals_delegation_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_delegation_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_delegation is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_delegation_whole BEFORE TRUNCATE ON approvals_delegation FOR EACH STATEMENT EXECUTE FUNCTION approvals_delegation_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_export_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.source IS DISTINCT FROM OLD.source OR NEW.format IS DISTINCT FROM OLD.format OR NEW.columns IS DISTINCT FROM OLD.columns OR NEW.grounds IS DISTINCT FROM OLD.grounds OR NEW.requested_at IS DISTINCT FROM OLD.requested_at THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_export_fixed BEFORE UPDATE ON approvals_export FOR EACH ROW EXECUTE FUNCTION approvals_export_fixed()
-- next
CREATE OR REPLACE FUNCTION export_told() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF 
    (NEW.query <> OLD.query OR NEW.salt <> OLD.salt)
    AND (NEW.query <> '' OR NEW.salt <> '' OR NEW.state NOT IN ('failed', 'canceled', 'removed'))
 THEN RAISE EXCEPTION 'what an export was asked for can only be erased when it ends' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER export_told BEFORE UPDATE ON approvals_export FOR EACH ROW EXECUTE FUNCTION export_told()
-- next
CREATE OR REPLACE FUNCTION export_ended() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.state IN ('taken', 'failed', 'canceled', 'removed') THEN RAISE EXCEPTION 'a row that has ended cannot change; create a new one' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER export_ended BEFORE UPDATE ON approvals_export FOR EACH ROW EXECUTE FUNCTION export_ended()
-- next
CREATE OR REPLACE FUNCTION approvals_export_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_export is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_export_kept BEFORE DELETE ON approvals_export FOR EACH ROW EXECUTE FUNCTION approvals_export_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_export_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_export is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_export_whole BEFORE TRUNCATE ON approvals_export FOR EACH STATEMENT EXECUTE FUNCTION approvals_export_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_webhook_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_webhook is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_webhook_kept BEFORE DELETE ON approvals_webhook FOR EACH ROW EXECUTE FUNCTION approvals_webhook_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_webhook_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_webhook is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_webhook_whole BEFORE TRUNCATE ON approvals_webhook FOR EACH STATEMENT EXECUTE FUNCTION approvals_webhook_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_webhookcursor_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.webhook_id IS DISTINCT FROM OLD.webhook_id THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_webhookcursor_fixed BEFORE UPDATE ON approvals_webhookcursor FOR EACH ROW EXECUTE FUNCTION approvals_webhookcursor_fixed()
-- next
CREATE OR REPLACE FUNCTION webhook_passed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.position < OLD.position OR NEW.sequence < OLD.sequence THEN RAISE EXCEPTION 'a webhook never goes back to earlier events' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER webhook_passed BEFORE UPDATE ON approvals_webhookcursor FOR EACH ROW EXECUTE FUNCTION webhook_passed()
-- next
CREATE OR REPLACE FUNCTION approvals_webhookcursor_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_webhookcursor is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_webhookcursor_kept BEFORE DELETE ON approvals_webhookcursor FOR EACH ROW EXECUTE FUNCTION approvals_webhookcursor_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_webhookcursor_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_webhookcursor is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_webhookcursor_whole BEFORE TRUNCATE ON approvals_webhookcursor FOR EACH STATEMENT EXECUTE FUNCTION approvals_webhookcursor_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_webhookdelivery_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.webhook_id IS DISTINCT FROM OLD.webhook_id OR NEW.position_id IS DISTINCT FROM OLD.position_id OR NEW.action_id IS DISTINCT FROM OLD.action_id OR NEW.event IS DISTINCT FROM OLD.event OR NEW.sequence IS DISTINCT FROM OLD.sequence OR NEW.created_at IS DISTINCT FROM OLD.created_at THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_webhookdelivery_fixed BEFORE UPDATE ON approvals_webhookdelivery FOR EACH ROW EXECUTE FUNCTION approvals_webhookdelivery_fixed()
-- next
CREATE OR REPLACE FUNCTION webhook_dropped() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.state = 'dropped' THEN RAISE EXCEPTION 'a delivery that was dropped cannot change' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER webhook_dropped BEFORE UPDATE ON approvals_webhookdelivery FOR EACH ROW EXECUTE FUNCTION webhook_dropped()
-- next
CREATE OR REPLACE FUNCTION webhook_waiting() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.state IN ('ready', 'dead') THEN RAISE EXCEPTION 'a delivery can be deleted only after it was sent or dropped' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER webhook_waiting BEFORE DELETE ON approvals_webhookdelivery FOR EACH ROW EXECUTE FUNCTION webhook_waiting()
-- next
CREATE OR REPLACE FUNCTION webhook_waiting_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'a delivery can be deleted only after it was sent or dropped' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER webhook_waiting_whole BEFORE TRUNCATE ON approvals_webhookdelivery FOR EACH STATEMENT EXECUTE FUNCTION webhook_waiting_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_webhookattempt_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.delivery_id IS DISTINCT FROM OLD.delivery_id OR NEW.number IS DISTINCT FROM OLD.number OR NEW.at IS DISTINCT FROM OLD.at OR NEW.milliseconds IS DISTINCT FROM OLD.milliseconds OR NEW.status IS DISTINCT FROM OLD.status OR NEW.error IS DISTINCT FROM OLD.error OR NEW.answer IS DISTINCT FROM OLD.answer THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_webhookattempt_fixed BEFORE UPDATE ON approvals_webhookattempt FOR EACH ROW EXECUTE FUNCTION approvals_webhookattempt_fixed()
-- next
CREATE OR REPLACE FUNCTION webhook_tried() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF EXISTS (SELECT 1 FROM approvals_webhookdelivery d WHERE d.id = OLD.delivery_id AND d.state IN ('ready', 'dead')) THEN RAISE EXCEPTION 'a delivery can be deleted only after it was sent or dropped' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER webhook_tried BEFORE DELETE ON approvals_webhookattempt FOR EACH ROW EXECUTE FUNCTION webhook_tried()
-- next
CREATE OR REPLACE FUNCTION webhook_tried_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'a delivery can be deleted only after it was sent or dropped' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER webhook_tried_whole BEFORE TRUNCATE ON approvals_webhookattempt FOR EACH STATEMENT EXECUTE FUNCTION webhook_tried_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalabsence_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalabsence is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalabsence_kept BEFORE UPDATE OR DELETE ON approvals_historicalabsence FOR EACH ROW EXECUTE FUNCTION approvals_historicalabsence_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalabsence_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalabsence is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalabsence_whole BEFORE TRUNCATE ON approvals_historicalabsence FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalabsence_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalaction_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalaction is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalaction_kept BEFORE UPDATE OR DELETE ON approvals_historicalaction FOR EACH ROW EXECUTE FUNCTION approvals_historicalaction_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalaction_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalaction is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalaction_whole BEFORE TRUNCATE ON approvals_historicalaction FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalaction_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalactiontype_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalactiontype is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalactiontype_kept BEFORE UPDATE OR DELETE ON approvals_historicalactiontype FOR EACH ROW EXECUTE FUNCTION approvals_historicalactiontype_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalactiontype_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalactiontype is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalactiontype_whole BEFORE TRUNCATE ON approvals_historicalactiontype FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalactiontype_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalagent_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalagent is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalagent_kept BEFORE UPDATE OR DELETE ON approvals_historicalagent FOR EACH ROW EXECUTE FUNCTION approvals_historicalagent_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalagent_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalagent is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalagent_whole BEFORE TRUNCATE ON approvals_historicalagent FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalagent_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalapikey_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalapikey is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalapikey_kept BEFORE UPDATE OR DELETE ON approvals_historicalapikey FOR EACH ROW EXECUTE FUNCTION approvals_historicalapikey_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalapikey_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalapikey is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalapikey_whole BEFORE TRUNCATE ON approvals_historicalapikey FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalapikey_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalbreakglass_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalbreakglass is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalbreakglass_kept BEFORE UPDATE OR DELETE ON approvals_historicalbreakglass FOR EACH ROW EXECUTE FUNCTION approvals_historicalbreakglass_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalbreakglass_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalbreakglass is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalbreakglass_whole BEFORE TRUNCATE ON approvals_historicalbreakglass FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalbreakglass_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalcalendar_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalcalendar is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalcalendar_kept BEFORE UPDATE OR DELETE ON approvals_historicalcalendar FOR EACH ROW EXECUTE FUNCTION approvals_historicalcalendar_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalcalendar_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalcalendar is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalcalendar_whole BEFORE TRUNCATE ON approvals_historicalcalendar FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalcalendar_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicaldelegation_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicaldelegation is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicaldelegation_kept BEFORE UPDATE OR DELETE ON approvals_historicaldelegation FOR EACH ROW EXECUTE FUNCTION approvals_historicaldelegation_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicaldelegation_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicaldelegation is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicaldelegation_whole BEFORE TRUNCATE ON approvals_historicaldelegation FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicaldelegation_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicaldesk_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicaldesk is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicaldesk_kept BEFORE UPDATE OR DELETE ON approvals_historicaldesk FOR EACH ROW EXECUTE FUNCTION approvals_historicaldesk_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicaldesk_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicaldesk is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicaldesk_whole BEFORE TRUNCATE ON approvals_historicaldesk FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicaldesk_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalduty_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalduty is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalduty_kept BEFORE UPDATE OR DELETE ON approvals_historicalduty FOR EACH ROW EXECUTE FUNCTION approvals_historicalduty_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalduty_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalduty is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalduty_whole BEFORE TRUNCATE ON approvals_historicalduty FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalduty_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalemployee_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalemployee is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalemployee_kept BEFORE UPDATE OR DELETE ON approvals_historicalemployee FOR EACH ROW EXECUTE FUNCTION approvals_historicalemployee_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalemployee_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalemployee is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalemployee_whole BEFORE TRUNCATE ON approvals_historicalemployee FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalemployee_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalexchangerate_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalexchangerate is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalexchangerate_kept BEFORE UPDATE OR DELETE ON approvals_historicalexchangerate FOR EACH ROW EXECUTE FUNCTION approvals_historicalexchangerate_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalexchangerate_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalexchangerate is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalexchangerate_whole BEFORE TRUNCATE ON approvals_historicalexchangerate FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalexchangerate_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalflowlimit_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalflowlimit is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalflowlimit_kept BEFORE UPDATE OR DELETE ON approvals_historicalflowlimit FOR EACH ROW EXECUTE FUNCTION approvals_historicalflowlimit_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalflowlimit_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalflowlimit is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalflowlimit_whole BEFORE TRUNCATE ON approvals_historicalflowlimit FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalflowlimit_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalhalt_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalhalt is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalhalt_kept BEFORE UPDATE OR DELETE ON approvals_historicalhalt FOR EACH ROW EXECUTE FUNCTION approvals_historicalhalt_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalhalt_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalhalt is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalhalt_whole BEFORE TRUNCATE ON approvals_historicalhalt FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalhalt_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalholiday_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalholiday is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalholiday_kept BEFORE UPDATE OR DELETE ON approvals_historicalholiday FOR EACH ROW EXECUTE FUNCTION approvals_historicalholiday_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalholiday_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalholiday is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalholiday_whole BEFORE TRUNCATE ON approvals_historicalholiday FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalholiday_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalhours_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalhours is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalhours_kept BEFORE UPDATE OR DELETE ON approvals_historicalhours FOR EACH ROW EXECUTE FUNCTION approvals_historicalhours_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalhours_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalhours is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalhours_whole BEFORE TRUNCATE ON approvals_historicalhours FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalhours_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalmembership_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalmembership is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalmembership_kept BEFORE UPDATE OR DELETE ON approvals_historicalmembership FOR EACH ROW EXECUTE FUNCTION approvals_historicalmembership_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalmembership_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalmembership is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalmembership_whole BEFORE TRUNCATE ON approvals_historicalmembership FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalmembership_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalperson_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalperson is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalperson_kept BEFORE UPDATE OR DELETE ON approvals_historicalperson FOR EACH ROW EXECUTE FUNCTION approvals_historicalperson_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalperson_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalperson is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalperson_whole BEFORE TRUNCATE ON approvals_historicalperson FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalperson_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalsamplecheck_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalsamplecheck is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalsamplecheck_kept BEFORE UPDATE OR DELETE ON approvals_historicalsamplecheck FOR EACH ROW EXECUTE FUNCTION approvals_historicalsamplecheck_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalsamplecheck_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalsamplecheck is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalsamplecheck_whole BEFORE TRUNCATE ON approvals_historicalsamplecheck FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalsamplecheck_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalstage_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalstage is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalstage_kept BEFORE UPDATE OR DELETE ON approvals_historicalstage FOR EACH ROW EXECUTE FUNCTION approvals_historicalstage_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalstage_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalstage is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalstage_whole BEFORE TRUNCATE ON approvals_historicalstage FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalstage_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalstandingrule_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalstandingrule is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalstandingrule_kept BEFORE UPDATE OR DELETE ON approvals_historicalstandingrule FOR EACH ROW EXECUTE FUNCTION approvals_historicalstandingrule_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalstandingrule_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalstandingrule is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalstandingrule_whole BEFORE TRUNCATE ON approvals_historicalstandingrule FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalstandingrule_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalsubjectowner_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalsubjectowner is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalsubjectowner_kept BEFORE UPDATE OR DELETE ON approvals_historicalsubjectowner FOR EACH ROW EXECUTE FUNCTION approvals_historicalsubjectowner_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalsubjectowner_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalsubjectowner is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalsubjectowner_whole BEFORE TRUNCATE ON approvals_historicalsubjectowner FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalsubjectowner_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicaltightening_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicaltightening is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicaltightening_kept BEFORE UPDATE OR DELETE ON approvals_historicaltightening FOR EACH ROW EXECUTE FUNCTION approvals_historicaltightening_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicaltightening_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicaltightening is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicaltightening_whole BEFORE TRUNCATE ON approvals_historicaltightening FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicaltightening_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalwebhook_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalwebhook is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalwebhook_kept BEFORE UPDATE OR DELETE ON approvals_historicalwebhook FOR EACH ROW EXECUTE FUNCTION approvals_historicalwebhook_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalwebhook_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalwebhook is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalwebhook_whole BEFORE TRUNCATE ON approvals_historicalwebhook FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalwebhook_whole()
