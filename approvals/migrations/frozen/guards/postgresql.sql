CREATE OR REPLACE FUNCTION entry_guard() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            
    IF (NEW.state_to <> '' AND (NEW.state_from || '>' || NEW.state_to NOT IN ('>proposed', 'approved>executing', 'approved>expired', 'approved>pending', 'approved>withdrawn', 'executing>executed', 'executing>failed', 'executing>uncertain', 'failed>executing', 'modified>executing', 'modified>expired', 'modified>pending', 'modified>withdrawn', 'pending>approved', 'pending>expired', 'pending>modified', 'pending>rejected', 'pending>withdrawn', 'proposed>approved', 'proposed>expired', 'proposed>pending', 'proposed>rejected', 'proposed>withdrawn', 'uncertain>executed', 'uncertain>executing', 'uncertain>failed') OR NOT EXISTS (SELECT 1 FROM approvals_action WHERE id = NEW.action_id AND entry_id = NEW.id AND state = NEW.state_to))) OR (NEW.state_to = '' AND (NEW.state_from <> '' OR EXISTS (SELECT 1 FROM approvals_action WHERE entry_id = NEW.id))) THEN RAISE EXCEPTION 'a ledger entry must contain the current state of its action' USING ERRCODE = '23000'; END IF;
    INSERT INTO approvals_ledgeroutbox (entry_id) VALUES (NEW.id);

            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER entry_guard AFTER INSERT ON approvals_ledgerentry FOR EACH ROW EXECUTE FUNCTION entry_guard()
-- next
CREATE OR REPLACE FUNCTION approvals_ledgerentry_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_ledgerentry is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_ledgerentry_kept BEFORE UPDATE OR DELETE ON approvals_ledgerentry FOR EACH ROW EXECUTE FUNCTION approvals_ledgerentry_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_ledgerentry_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_ledgerentry is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_ledgerentry_whole BEFORE TRUNCATE ON approvals_ledgerentry FOR EACH STATEMENT EXECUTE FUNCTION approvals_ledgerentry_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_ledgerposition_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_ledgerposition is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_ledgerposition_kept BEFORE UPDATE OR DELETE ON approvals_ledgerposition FOR EACH ROW EXECUTE FUNCTION approvals_ledgerposition_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_ledgerposition_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_ledgerposition is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_ledgerposition_whole BEFORE TRUNCATE ON approvals_ledgerposition FOR EACH STATEMENT EXECUTE FUNCTION approvals_ledgerposition_whole()
-- next
CREATE OR REPLACE FUNCTION pending_numbered() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM approvals_ledgerposition WHERE entry_id = OLD.entry_id) THEN RAISE EXCEPTION 'a ledger entry must wait in the outbox until it has a position' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER pending_numbered BEFORE DELETE ON approvals_ledgeroutbox FOR EACH ROW EXECUTE FUNCTION pending_numbered()
-- next
CREATE OR REPLACE FUNCTION pending_numbered_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'a ledger entry must wait in the outbox until it has a position' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER pending_numbered_whole BEFORE TRUNCATE ON approvals_ledgeroutbox FOR EACH STATEMENT EXECUTE FUNCTION pending_numbered_whole()
-- next
CREATE OR REPLACE FUNCTION action_guard() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            
    IF TG_OP = 'INSERT' THEN
        IF NEW.state <> 'proposed' OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a new action must be in the proposed state and have its own ledger entry' USING ERRCODE = '23000'; END IF;
    ELSIF NEW.state = OLD.state THEN
        IF NEW.entry_id <> OLD.entry_id OR NEW.id <> OLD.id THEN RAISE EXCEPTION 'the ledger entry of an action can change only together with its state' USING ERRCODE = '23000'; END IF;
    ELSE
        IF NEW.entry_id = OLD.entry_id OR NEW.id <> OLD.id OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) THEN RAISE EXCEPTION 'a state change needs a new ledger entry' USING ERRCODE = '23000'; END IF;
        IF NOT EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = OLD.entry_id) THEN RAISE EXCEPTION 'the previous state change has no ledger entry' USING ERRCODE = '23000'; END IF;
        IF OLD.state || '>' || NEW.state NOT IN ('approved>executing', 'approved>expired', 'approved>pending', 'approved>withdrawn', 'executing>executed', 'executing>failed', 'executing>uncertain', 'failed>executing', 'modified>executing', 'modified>expired', 'modified>pending', 'modified>withdrawn', 'pending>approved', 'pending>expired', 'pending>modified', 'pending>rejected', 'pending>withdrawn', 'proposed>approved', 'proposed>expired', 'proposed>pending', 'proposed>rejected', 'proposed>withdrawn', 'uncertain>executed', 'uncertain>executing', 'uncertain>failed') THEN RAISE EXCEPTION 'this state change is not allowed' USING ERRCODE = '23000'; END IF;
    END IF;

            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER action_guard BEFORE INSERT OR UPDATE ON approvals_action FOR EACH ROW EXECUTE FUNCTION action_guard()
-- next
CREATE OR REPLACE FUNCTION approvals_action_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF NEW.action_type_id IS DISTINCT FROM OLD.action_type_id OR NEW.agent_id IS DISTINCT FROM OLD.agent_id OR NEW.owner_id IS DISTINCT FROM OLD.owner_id OR NEW.desk_id IS DISTINCT FROM OLD.desk_id OR NEW.idempotency_key IS DISTINCT FROM OLD.idempotency_key OR NEW.request_digest IS DISTINCT FROM OLD.request_digest OR NEW.confidence IS DISTINCT FROM OLD.confidence OR NEW.on_behalf_of IS DISTINCT FROM OLD.on_behalf_of OR NEW.thread IS DISTINCT FROM OLD.thread OR NEW.created_at IS DISTINCT FROM OLD.created_at OR NEW.expires_at IS DISTINCT FROM OLD.expires_at OR NEW.overrides_id IS DISTINCT FROM OLD.overrides_id OR NEW.overridden_by_id IS DISTINCT FROM OLD.overridden_by_id OR NEW.reverses_id IS DISTINCT FROM OLD.reverses_id OR NEW.requesters IS DISTINCT FROM OLD.requesters THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_action_fixed BEFORE UPDATE ON approvals_action FOR EACH ROW EXECUTE FUNCTION approvals_action_fixed()
-- next
CREATE OR REPLACE FUNCTION action_round() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF 
    NEW.round <> OLD.round AND NOT
    (NEW.round = OLD.round + 1 AND NEW.state = 'pending' AND OLD.state IN ('approved', 'modified'))
 THEN RAISE EXCEPTION 'a new round can start only when an approved action returns to review' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER action_round BEFORE UPDATE ON approvals_action FOR EACH ROW EXECUTE FUNCTION action_round()
-- next
CREATE OR REPLACE FUNCTION approvals_action_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_action is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_action_kept BEFORE DELETE ON approvals_action FOR EACH ROW EXECUTE FUNCTION approvals_action_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_action_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_action is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_action_whole BEFORE TRUNCATE ON approvals_action FOR EACH STATEMENT EXECUTE FUNCTION approvals_action_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_revision_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_revision is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_revision_kept BEFORE UPDATE OR DELETE ON approvals_revision FOR EACH ROW EXECUTE FUNCTION approvals_revision_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_revision_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_revision is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_revision_whole BEFORE TRUNCATE ON approvals_revision FOR EACH STATEMENT EXECUTE FUNCTION approvals_revision_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_text_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_text is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_text_kept BEFORE UPDATE OR DELETE ON approvals_text FOR EACH ROW EXECUTE FUNCTION approvals_text_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_text_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_text is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_text_whole BEFORE TRUNCATE ON approvals_text FOR EACH STATEMENT EXECUTE FUNCTION approvals_text_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_lookupresult_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_lookupresult is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_lookupresult_kept BEFORE UPDATE OR DELETE ON approvals_lookupresult FOR EACH ROW EXECUTE FUNCTION approvals_lookupresult_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_lookupresult_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_lookupresult is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_lookupresult_whole BEFORE TRUNCATE ON approvals_lookupresult FOR EACH STATEMENT EXECUTE FUNCTION approvals_lookupresult_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_policyevaluation_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_policyevaluation is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_policyevaluation_kept BEFORE UPDATE OR DELETE ON approvals_policyevaluation FOR EACH ROW EXECUTE FUNCTION approvals_policyevaluation_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_policyevaluation_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_policyevaluation is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_policyevaluation_whole BEFORE TRUNCATE ON approvals_policyevaluation FOR EACH STATEMENT EXECUTE FUNCTION approvals_policyevaluation_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_stage_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.action_id IS DISTINCT FROM OLD.action_id OR NEW.round IS DISTINCT FROM OLD.round OR NEW.number IS DISTINCT FROM OLD.number OR NEW.desk_id IS DISTINCT FROM OLD.desk_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.step IS DISTINCT FROM OLD.step OR NEW.group_id IS DISTINCT FROM OLD.group_id OR NEW.is_other_desk IS DISTINCT FROM OLD.is_other_desk THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_stage_fixed BEFORE UPDATE ON approvals_stage FOR EACH ROW EXECUTE FUNCTION approvals_stage_fixed()
-- next
CREATE OR REPLACE FUNCTION stage_bar() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF OLD.state NOT IN ('open', 'waiting') OR NEW.tier < OLD.tier OR NEW.quorum < OLD.quorum THEN RAISE EXCEPTION 'the requirements of a stage cannot be lowered, and a closed stage cannot change' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER stage_bar BEFORE UPDATE ON approvals_stage FOR EACH ROW EXECUTE FUNCTION stage_bar()
-- next
CREATE OR REPLACE FUNCTION stage_order() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
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
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF OLD.state <> 'waiting' AND (NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.opened_at IS DISTINCT FROM OLD.opened_at) THEN RAISE EXCEPTION 'the assignee and the opening time of a stage cannot change after it opens' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER stage_frozen BEFORE UPDATE ON approvals_stage FOR EACH ROW EXECUTE FUNCTION stage_frozen()
-- next
CREATE OR REPLACE FUNCTION approvals_stage_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_stage is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_stage_kept BEFORE DELETE ON approvals_stage FOR EACH ROW EXECUTE FUNCTION approvals_stage_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_stage_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_stage is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_stage_whole BEFORE TRUNCATE ON approvals_stage FOR EACH STATEMENT EXECUTE FUNCTION approvals_stage_whole()
-- next
CREATE OR REPLACE FUNCTION decision_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF NEW.is_final AND NEW.verdict IN ('approve', 'modify') AND EXISTS (
    SELECT 1 FROM approvals_stage s
    WHERE s.action_id = NEW.action_id AND s.round = NEW.round AND s.state IN ('open', 'waiting')
) THEN RAISE EXCEPTION 'an action cannot be approved while a stage of its plan is open or waiting' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER decision_whole BEFORE INSERT ON approvals_decision FOR EACH ROW EXECUTE FUNCTION decision_whole()
-- next
CREATE OR REPLACE FUNCTION decision_bound() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
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
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_decision is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_decision_kept BEFORE UPDATE OR DELETE ON approvals_decision FOR EACH ROW EXECUTE FUNCTION approvals_decision_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_decision_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_decision is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_decision_whole BEFORE TRUNCATE ON approvals_decision FOR EACH STATEMENT EXECUTE FUNCTION approvals_decision_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_note_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.action_id IS DISTINCT FROM OLD.action_id OR NEW.kind IS DISTINCT FROM OLD.kind OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.agent_id IS DISTINCT FROM OLD.agent_id OR NEW.text_id IS DISTINCT FROM OLD.text_id OR NEW.answers_id IS DISTINCT FROM OLD.answers_id OR NEW.at IS DISTINCT FROM OLD.at OR NEW.entry_id IS DISTINCT FROM OLD.entry_id OR NEW.handed_to_id IS DISTINCT FROM OLD.handed_to_id OR NEW.revision_id IS DISTINCT FROM OLD.revision_id THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_note_fixed BEFORE UPDATE ON approvals_note FOR EACH ROW EXECUTE FUNCTION approvals_note_fixed()
-- next
CREATE OR REPLACE FUNCTION approvals_note_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_note is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_note_kept BEFORE DELETE ON approvals_note FOR EACH ROW EXECUTE FUNCTION approvals_note_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_note_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_note is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_note_whole BEFORE TRUNCATE ON approvals_note FOR EACH STATEMENT EXECUTE FUNCTION approvals_note_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_execution_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.action_id IS DISTINCT FROM OLD.action_id OR NEW.revision_id IS DISTINCT FROM OLD.revision_id OR NEW.round IS DISTINCT FROM OLD.round OR NEW.digest IS DISTINCT FROM OLD.digest OR NEW.mode IS DISTINCT FROM OLD.mode OR NEW.connector IS DISTINCT FROM OLD.connector OR NEW.target_digest IS DISTINCT FROM OLD.target_digest OR NEW.key IS DISTINCT FROM OLD.key OR NEW.not_before IS DISTINCT FROM OLD.not_before OR NEW.expires_at IS DISTINCT FROM OLD.expires_at OR NEW.created_at IS DISTINCT FROM OLD.created_at THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_execution_fixed BEFORE UPDATE ON approvals_execution FOR EACH ROW EXECUTE FUNCTION approvals_execution_fixed()
-- next
CREATE OR REPLACE FUNCTION execution_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF NEW.state <> 'ready' OR NOT EXISTS (
    SELECT 1 FROM approvals_decision d
    WHERE d.action_id = NEW.action_id AND d.round = NEW.round AND d.is_final AND d.verdict IN ('approve', 'modify')
    AND d.revision_id = NEW.revision_id AND d.digest = NEW.digest
) THEN RAISE EXCEPTION 'an execution needs a decision that approves its revision' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER execution_born BEFORE INSERT ON approvals_execution FOR EACH ROW EXECUTE FUNCTION execution_born()
-- next
CREATE OR REPLACE FUNCTION execution_steps() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('ready>running', 'ready>canceled', 'running>succeeded', 'running>failed', 'running>uncertain', 'uncertain>succeeded', 'uncertain>failed') THEN RAISE EXCEPTION 'an execution cannot return to an earlier state' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER execution_steps BEFORE UPDATE ON approvals_execution FOR EACH ROW EXECUTE FUNCTION execution_steps()
-- next
CREATE OR REPLACE FUNCTION approvals_execution_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_execution is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_execution_kept BEFORE DELETE ON approvals_execution FOR EACH ROW EXECUTE FUNCTION approvals_execution_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_execution_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_execution is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_execution_whole BEFORE TRUNCATE ON approvals_execution FOR EACH STATEMENT EXECUTE FUNCTION approvals_execution_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_attempt_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_attempt is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_attempt_kept BEFORE UPDATE OR DELETE ON approvals_attempt FOR EACH ROW EXECUTE FUNCTION approvals_attempt_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_attempt_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_attempt is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_attempt_whole BEFORE TRUNCATE ON approvals_attempt FOR EACH STATEMENT EXECUTE FUNCTION approvals_attempt_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_standingrule_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.verdict IS DISTINCT FROM OLD.verdict OR NEW.action_type_id IS DISTINCT FROM OLD.action_type_id OR NEW.agent_id IS DISTINCT FROM OLD.agent_id OR NEW.subject IS DISTINCT FROM OLD.subject OR NEW.condition IS DISTINCT FROM OLD.condition OR NEW.max_amount IS DISTINCT FROM OLD.max_amount OR NEW.currency IS DISTINCT FROM OLD.currency OR NEW.salt IS DISTINCT FROM OLD.salt OR NEW.count_per_day IS DISTINCT FROM OLD.count_per_day OR NEW.sum_per_day IS DISTINCT FROM OLD.sum_per_day OR NEW.sample_rate IS DISTINCT FROM OLD.sample_rate OR NEW.expires_at IS DISTINCT FROM OLD.expires_at OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.decision_id IS DISTINCT FROM OLD.decision_id OR NEW.made_by_id IS DISTINCT FROM OLD.made_by_id OR NEW.made_at IS DISTINCT FROM OLD.made_at OR NEW.agent_version IS DISTINCT FROM OLD.agent_version OR NEW.type_version IS DISTINCT FROM OLD.type_version OR NEW.target_digest IS DISTINCT FROM OLD.target_digest OR NEW.policies IS DISTINCT FROM OLD.policies OR NEW.waives IS DISTINCT FROM OLD.waives THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_standingrule_fixed BEFORE UPDATE ON approvals_standingrule FOR EACH ROW EXECUTE FUNCTION approvals_standingrule_fixed()
-- next
CREATE OR REPLACE FUNCTION standing_over() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF OLD.state IN ('stopped', 'expired') OR NEW.state = 'proposed' AND OLD.state <> 'proposed' THEN RAISE EXCEPTION 'a standing rule that has ended cannot change; create a new one' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER standing_over BEFORE UPDATE ON approvals_standingrule FOR EACH ROW EXECUTE FUNCTION standing_over()
-- next
CREATE OR REPLACE FUNCTION approvals_standingrule_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_standingrule is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_standingrule_kept BEFORE DELETE ON approvals_standingrule FOR EACH ROW EXECUTE FUNCTION approvals_standingrule_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_standingrule_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_standingrule is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_standingrule_whole BEFORE TRUNCATE ON approvals_standingrule FOR EACH STATEMENT EXECUTE FUNCTION approvals_standingrule_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_standinguse_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_standinguse is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_standinguse_kept BEFORE UPDATE OR DELETE ON approvals_standinguse FOR EACH ROW EXECUTE FUNCTION approvals_standinguse_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_standinguse_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_standinguse is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_standinguse_whole BEFORE TRUNCATE ON approvals_standinguse FOR EACH STATEMENT EXECUTE FUNCTION approvals_standinguse_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_samplecheck_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.action_id IS DISTINCT FROM OLD.action_id OR NEW.rule_id IS DISTINCT FROM OLD.rule_id OR NEW.desk_id IS DISTINCT FROM OLD.desk_id OR NEW.drawn_at IS DISTINCT FROM OLD.drawn_at THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_samplecheck_fixed BEFORE UPDATE ON approvals_samplecheck FOR EACH ROW EXECUTE FUNCTION approvals_samplecheck_fixed()
-- next
CREATE OR REPLACE FUNCTION sample_checked() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF OLD.state <> 'open' THEN RAISE EXCEPTION 'the result of a spot check cannot change' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER sample_checked BEFORE UPDATE ON approvals_samplecheck FOR EACH ROW EXECUTE FUNCTION sample_checked()
-- next
CREATE OR REPLACE FUNCTION approvals_samplecheck_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_samplecheck is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_samplecheck_kept BEFORE DELETE ON approvals_samplecheck FOR EACH ROW EXECUTE FUNCTION approvals_samplecheck_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_samplecheck_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_samplecheck is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_samplecheck_whole BEFORE TRUNCATE ON approvals_samplecheck FOR EACH STATEMENT EXECUTE FUNCTION approvals_samplecheck_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_halt_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.scope IS DISTINCT FROM OLD.scope OR NEW.desk_id IS DISTINCT FROM OLD.desk_id OR NEW.action_type_id IS DISTINCT FROM OLD.action_type_id OR NEW.agent_id IS DISTINCT FROM OLD.agent_id OR NEW.connector IS DISTINCT FROM OLD.connector OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.started_by_id IS DISTINCT FROM OLD.started_by_id OR NEW.started_at IS DISTINCT FROM OLD.started_at THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_halt_fixed BEFORE UPDATE ON approvals_halt FOR EACH ROW EXECUTE FUNCTION approvals_halt_fixed()
-- next
CREATE OR REPLACE FUNCTION halt_lifted() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF OLD.lifted_at IS NOT NULL THEN RAISE EXCEPTION 'a lifted halt cannot change; start a new one' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER halt_lifted BEFORE UPDATE ON approvals_halt FOR EACH ROW EXECUTE FUNCTION halt_lifted()
-- next
CREATE OR REPLACE FUNCTION approvals_halt_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_halt is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_halt_kept BEFORE DELETE ON approvals_halt FOR EACH ROW EXECUTE FUNCTION approvals_halt_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_halt_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_halt is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_halt_whole BEFORE TRUNCATE ON approvals_halt FOR EACH STATEMENT EXECUTE FUNCTION approvals_halt_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_breakglass_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.desk_id IS DISTINCT FROM OLD.desk_id OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.opened_at IS DISTINCT FROM OLD.opened_at OR NEW.expires_at IS DISTINCT FROM OLD.expires_at THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_breakglass_fixed BEFORE UPDATE ON approvals_breakglass FOR EACH ROW EXECUTE FUNCTION approvals_breakglass_fixed()
-- next
CREATE OR REPLACE FUNCTION break_glass_over() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF OLD.reviewed_at IS NOT NULL OR OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL THEN RAISE EXCEPTION 'a row that has ended cannot change; create a new one' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER break_glass_over BEFORE UPDATE ON approvals_breakglass FOR EACH ROW EXECUTE FUNCTION break_glass_over()
-- next
CREATE OR REPLACE FUNCTION approvals_breakglass_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_breakglass is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_breakglass_kept BEFORE DELETE ON approvals_breakglass FOR EACH ROW EXECUTE FUNCTION approvals_breakglass_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_breakglass_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_breakglass is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_breakglass_whole BEFORE TRUNCATE ON approvals_breakglass FOR EACH STATEMENT EXECUTE FUNCTION approvals_breakglass_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_breakglassuse_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_breakglassuse is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_breakglassuse_kept BEFORE UPDATE OR DELETE ON approvals_breakglassuse FOR EACH ROW EXECUTE FUNCTION approvals_breakglassuse_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_breakglassuse_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_breakglassuse is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_breakglassuse_whole BEFORE TRUNCATE ON approvals_breakglassuse FOR EACH STATEMENT EXECUTE FUNCTION approvals_breakglassuse_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_absence_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.starts_at IS DISTINCT FROM OLD.starts_at OR NEW.ends_at IS DISTINCT FROM OLD.ends_at OR NEW.entered_by_id IS DISTINCT FROM OLD.entered_by_id OR NEW.entered_at IS DISTINCT FROM OLD.entered_at THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_absence_fixed BEFORE UPDATE ON approvals_absence FOR EACH ROW EXECUTE FUNCTION approvals_absence_fixed()
-- next
CREATE OR REPLACE FUNCTION absence_ended() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF OLD.ended_at IS NOT NULL THEN RAISE EXCEPTION 'a row that has ended cannot change; create a new one' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER absence_ended BEFORE UPDATE ON approvals_absence FOR EACH ROW EXECUTE FUNCTION absence_ended()
-- next
CREATE OR REPLACE FUNCTION approvals_absence_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_absence is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_absence_kept BEFORE DELETE ON approvals_absence FOR EACH ROW EXECUTE FUNCTION approvals_absence_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_absence_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_absence is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_absence_whole BEFORE TRUNCATE ON approvals_absence FOR EACH STATEMENT EXECUTE FUNCTION approvals_absence_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_delegation_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.person_id IS DISTINCT FROM OLD.person_id OR NEW.delegate_id IS DISTINCT FROM OLD.delegate_id OR NEW.desk_id IS DISTINCT FROM OLD.desk_id OR NEW.starts_at IS DISTINCT FROM OLD.starts_at OR NEW.ends_at IS DISTINCT FROM OLD.ends_at OR NEW.reason IS DISTINCT FROM OLD.reason OR NEW.granted_by_id IS DISTINCT FROM OLD.granted_by_id OR NEW.granted_at IS DISTINCT FROM OLD.granted_at THEN RAISE EXCEPTION 'this value cannot change after the row is created' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_delegation_fixed BEFORE UPDATE ON approvals_delegation FOR EACH ROW EXECUTE FUNCTION approvals_delegation_fixed()
-- next
CREATE OR REPLACE FUNCTION delegation_ended() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            IF OLD.ended_at IS NOT NULL THEN RAISE EXCEPTION 'a row that has ended cannot change; create a new one' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER delegation_ended BEFORE UPDATE ON approvals_delegation FOR EACH ROW EXECUTE FUNCTION delegation_ended()
-- next
CREATE OR REPLACE FUNCTION approvals_delegation_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_delegation is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_delegation_kept BEFORE DELETE ON approvals_delegation FOR EACH ROW EXECUTE FUNCTION approvals_delegation_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_delegation_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_delegation is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_delegation_whole BEFORE TRUNCATE ON approvals_delegation FOR EACH STATEMENT EXECUTE FUNCTION approvals_delegation_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalabsence_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalabsence is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalabsence_kept BEFORE UPDATE OR DELETE ON approvals_historicalabsence FOR EACH ROW EXECUTE FUNCTION approvals_historicalabsence_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalabsence_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalabsence is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalabsence_whole BEFORE TRUNCATE ON approvals_historicalabsence FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalabsence_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalaction_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalaction is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalaction_kept BEFORE UPDATE OR DELETE ON approvals_historicalaction FOR EACH ROW EXECUTE FUNCTION approvals_historicalaction_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalaction_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalaction is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalaction_whole BEFORE TRUNCATE ON approvals_historicalaction FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalaction_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalactiontype_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalactiontype is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalactiontype_kept BEFORE UPDATE OR DELETE ON approvals_historicalactiontype FOR EACH ROW EXECUTE FUNCTION approvals_historicalactiontype_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalactiontype_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalactiontype is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalactiontype_whole BEFORE TRUNCATE ON approvals_historicalactiontype FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalactiontype_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalagent_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalagent is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalagent_kept BEFORE UPDATE OR DELETE ON approvals_historicalagent FOR EACH ROW EXECUTE FUNCTION approvals_historicalagent_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalagent_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalagent is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalagent_whole BEFORE TRUNCATE ON approvals_historicalagent FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalagent_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalapikey_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalapikey is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalapikey_kept BEFORE UPDATE OR DELETE ON approvals_historicalapikey FOR EACH ROW EXECUTE FUNCTION approvals_historicalapikey_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalapikey_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalapikey is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalapikey_whole BEFORE TRUNCATE ON approvals_historicalapikey FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalapikey_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalbreakglass_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalbreakglass is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalbreakglass_kept BEFORE UPDATE OR DELETE ON approvals_historicalbreakglass FOR EACH ROW EXECUTE FUNCTION approvals_historicalbreakglass_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalbreakglass_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalbreakglass is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalbreakglass_whole BEFORE TRUNCATE ON approvals_historicalbreakglass FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalbreakglass_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalcalendar_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalcalendar is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalcalendar_kept BEFORE UPDATE OR DELETE ON approvals_historicalcalendar FOR EACH ROW EXECUTE FUNCTION approvals_historicalcalendar_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalcalendar_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalcalendar is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalcalendar_whole BEFORE TRUNCATE ON approvals_historicalcalendar FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalcalendar_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicaldelegation_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicaldelegation is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicaldelegation_kept BEFORE UPDATE OR DELETE ON approvals_historicaldelegation FOR EACH ROW EXECUTE FUNCTION approvals_historicaldelegation_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicaldelegation_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicaldelegation is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicaldelegation_whole BEFORE TRUNCATE ON approvals_historicaldelegation FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicaldelegation_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicaldesk_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicaldesk is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicaldesk_kept BEFORE UPDATE OR DELETE ON approvals_historicaldesk FOR EACH ROW EXECUTE FUNCTION approvals_historicaldesk_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicaldesk_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicaldesk is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicaldesk_whole BEFORE TRUNCATE ON approvals_historicaldesk FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicaldesk_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalduty_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalduty is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalduty_kept BEFORE UPDATE OR DELETE ON approvals_historicalduty FOR EACH ROW EXECUTE FUNCTION approvals_historicalduty_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalduty_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalduty is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalduty_whole BEFORE TRUNCATE ON approvals_historicalduty FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalduty_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalemployee_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalemployee is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalemployee_kept BEFORE UPDATE OR DELETE ON approvals_historicalemployee FOR EACH ROW EXECUTE FUNCTION approvals_historicalemployee_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalemployee_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalemployee is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalemployee_whole BEFORE TRUNCATE ON approvals_historicalemployee FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalemployee_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalexchangerate_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalexchangerate is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalexchangerate_kept BEFORE UPDATE OR DELETE ON approvals_historicalexchangerate FOR EACH ROW EXECUTE FUNCTION approvals_historicalexchangerate_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalexchangerate_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalexchangerate is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalexchangerate_whole BEFORE TRUNCATE ON approvals_historicalexchangerate FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalexchangerate_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalexecution_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalexecution is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalexecution_kept BEFORE UPDATE OR DELETE ON approvals_historicalexecution FOR EACH ROW EXECUTE FUNCTION approvals_historicalexecution_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalexecution_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalexecution is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalexecution_whole BEFORE TRUNCATE ON approvals_historicalexecution FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalexecution_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalhalt_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalhalt is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalhalt_kept BEFORE UPDATE OR DELETE ON approvals_historicalhalt FOR EACH ROW EXECUTE FUNCTION approvals_historicalhalt_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalhalt_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalhalt is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalhalt_whole BEFORE TRUNCATE ON approvals_historicalhalt FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalhalt_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalholiday_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalholiday is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalholiday_kept BEFORE UPDATE OR DELETE ON approvals_historicalholiday FOR EACH ROW EXECUTE FUNCTION approvals_historicalholiday_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalholiday_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalholiday is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalholiday_whole BEFORE TRUNCATE ON approvals_historicalholiday FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalholiday_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalhours_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalhours is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalhours_kept BEFORE UPDATE OR DELETE ON approvals_historicalhours FOR EACH ROW EXECUTE FUNCTION approvals_historicalhours_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalhours_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalhours is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalhours_whole BEFORE TRUNCATE ON approvals_historicalhours FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalhours_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalmembership_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalmembership is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalmembership_kept BEFORE UPDATE OR DELETE ON approvals_historicalmembership FOR EACH ROW EXECUTE FUNCTION approvals_historicalmembership_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalmembership_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalmembership is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalmembership_whole BEFORE TRUNCATE ON approvals_historicalmembership FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalmembership_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalperson_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalperson is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalperson_kept BEFORE UPDATE OR DELETE ON approvals_historicalperson FOR EACH ROW EXECUTE FUNCTION approvals_historicalperson_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalperson_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalperson is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalperson_whole BEFORE TRUNCATE ON approvals_historicalperson FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalperson_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalsamplecheck_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalsamplecheck is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalsamplecheck_kept BEFORE UPDATE OR DELETE ON approvals_historicalsamplecheck FOR EACH ROW EXECUTE FUNCTION approvals_historicalsamplecheck_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalsamplecheck_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalsamplecheck is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalsamplecheck_whole BEFORE TRUNCATE ON approvals_historicalsamplecheck FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalsamplecheck_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalstage_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalstage is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalstage_kept BEFORE UPDATE OR DELETE ON approvals_historicalstage FOR EACH ROW EXECUTE FUNCTION approvals_historicalstage_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalstage_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalstage is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalstage_whole BEFORE TRUNCATE ON approvals_historicalstage FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalstage_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalstandingrule_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalstandingrule is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalstandingrule_kept BEFORE UPDATE OR DELETE ON approvals_historicalstandingrule FOR EACH ROW EXECUTE FUNCTION approvals_historicalstandingrule_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalstandingrule_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalstandingrule is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalstandingrule_whole BEFORE TRUNCATE ON approvals_historicalstandingrule FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalstandingrule_whole()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalsubjectowner_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalsubjectowner is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalsubjectowner_kept BEFORE UPDATE OR DELETE ON approvals_historicalsubjectowner FOR EACH ROW EXECUTE FUNCTION approvals_historicalsubjectowner_kept()
-- next
CREATE OR REPLACE FUNCTION approvals_historicalsubjectowner_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp AS $guard$
        BEGIN
            RAISE EXCEPTION 'approvals_historicalsubjectowner is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER approvals_historicalsubjectowner_whole BEFORE TRUNCATE ON approvals_historicalsubjectowner FOR EACH STATEMENT EXECUTE FUNCTION approvals_historicalsubjectowner_whole()
