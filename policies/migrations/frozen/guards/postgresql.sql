CREATE OR REPLACE FUNCTION policy_version_born() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.state <> 'draft' THEN RAISE EXCEPTION 'a new version must be a draft' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER policy_version_born BEFORE INSERT ON policies_version FOR EACH ROW EXECUTE FUNCTION policy_version_born()
-- next
CREATE OR REPLACE FUNCTION policy_version_fixed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.id IS DISTINCT FROM OLD.id OR NEW.policy_id IS DISTINCT FROM OLD.policy_id OR NEW.number IS DISTINCT FROM OLD.number OR NEW.source IS DISTINCT FROM OLD.source OR NEW.canonical IS DISTINCT FROM OLD.canonical OR NEW.digest IS DISTINCT FROM OLD.digest OR NEW.drafted_by_id IS DISTINCT FROM OLD.drafted_by_id OR NEW.drafted_at IS DISTINCT FROM OLD.drafted_at THEN RAISE EXCEPTION 'the content of a policy version cannot change; draft a new version' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER policy_version_fixed BEFORE UPDATE ON policies_version FOR EACH ROW EXECUTE FUNCTION policy_version_fixed()
-- next
CREATE OR REPLACE FUNCTION policy_version_sealed() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.state <> 'draft' AND (NEW.published_by_id IS DISTINCT FROM OLD.published_by_id OR NEW.published_at IS DISTINCT FROM OLD.published_at OR NEW.is_solo IS DISTINCT FROM OLD.is_solo) THEN RAISE EXCEPTION 'the publisher and the publication time of a version cannot change' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER policy_version_sealed BEFORE UPDATE ON policies_version FOR EACH ROW EXECUTE FUNCTION policy_version_sealed()
-- next
CREATE OR REPLACE FUNCTION policy_version_legal() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('draft>published', 'published>retired') THEN RAISE EXCEPTION 'a version can only be drafted, then published, then retired' USING ERRCODE = '23000'; END IF;
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER policy_version_legal BEFORE UPDATE ON policies_version FOR EACH ROW EXECUTE FUNCTION policy_version_legal()
-- next
CREATE OR REPLACE FUNCTION policy_version_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            IF OLD.state <> 'draft' THEN RAISE EXCEPTION 'a published version cannot be deleted' USING ERRCODE = '23000'; END IF;
            RETURN OLD;
        END $guard$
-- next
CREATE TRIGGER policy_version_kept BEFORE DELETE ON policies_version FOR EACH ROW EXECUTE FUNCTION policy_version_kept()
-- next
CREATE OR REPLACE FUNCTION policy_version_kept_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'a published version cannot be deleted' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER policy_version_kept_whole BEFORE TRUNCATE ON policies_version FOR EACH STATEMENT EXECUTE FUNCTION policy_version_kept_whole()
-- next
CREATE OR REPLACE FUNCTION policies_policy_told() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            
        IF TG_OP = 'DELETE' THEN
            IF NOT EXISTS (SELECT 1 FROM policies_historicalpolicy h WHERE h.id = OLD.id AND h.history_type = '-') THEN RAISE EXCEPTION 'a policy and its versions need a history row that holds them' USING ERRCODE = '23000'; END IF;
        ELSE
            IF NOT EXISTS (SELECT 1 FROM policies_historicalpolicy h WHERE h.id = NEW.id AND NOT (h.id IS DISTINCT FROM NEW.id OR h.name IS DISTINCT FROM NEW.name OR h.title IS DISTINCT FROM NEW.title)) THEN RAISE EXCEPTION 'a policy and its versions need a history row that holds them' USING ERRCODE = '23000'; END IF;
        END IF;
    
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER policies_policy_told AFTER INSERT OR UPDATE OR DELETE ON policies_policy DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION policies_policy_told()
-- next
CREATE OR REPLACE FUNCTION policies_version_told() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            
        IF TG_OP = 'DELETE' THEN
            IF NOT EXISTS (SELECT 1 FROM policies_historicalversion h WHERE h.id = OLD.id AND h.history_type = '-') THEN RAISE EXCEPTION 'a policy and its versions need a history row that holds them' USING ERRCODE = '23000'; END IF;
        ELSE
            IF NOT EXISTS (SELECT 1 FROM policies_historicalversion h WHERE h.id = NEW.id AND NOT (h.id IS DISTINCT FROM NEW.id OR h.policy_id IS DISTINCT FROM NEW.policy_id OR h.number IS DISTINCT FROM NEW.number OR h.digest IS DISTINCT FROM NEW.digest OR h.drafted_by_id IS DISTINCT FROM NEW.drafted_by_id OR h.drafted_at IS DISTINCT FROM NEW.drafted_at OR h.state IS DISTINCT FROM NEW.state OR h.retired_at IS DISTINCT FROM NEW.retired_at OR h.published_by_id IS DISTINCT FROM NEW.published_by_id OR h.published_at IS DISTINCT FROM NEW.published_at OR h.is_solo IS DISTINCT FROM NEW.is_solo)) THEN RAISE EXCEPTION 'a policy and its versions need a history row that holds them' USING ERRCODE = '23000'; END IF;
        END IF;
    
            RETURN NULL;
        END $guard$
-- next
CREATE CONSTRAINT TRIGGER policies_version_told AFTER INSERT OR UPDATE OR DELETE ON policies_version DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION policies_version_told()
-- next
CREATE OR REPLACE FUNCTION policies_historicalpolicy_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'policies_historicalpolicy is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER policies_historicalpolicy_kept BEFORE UPDATE OR DELETE ON policies_historicalpolicy FOR EACH ROW EXECUTE FUNCTION policies_historicalpolicy_kept()
-- next
CREATE OR REPLACE FUNCTION policies_historicalpolicy_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'policies_historicalpolicy is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER policies_historicalpolicy_whole BEFORE TRUNCATE ON policies_historicalpolicy FOR EACH STATEMENT EXECUTE FUNCTION policies_historicalpolicy_whole()
-- next
CREATE OR REPLACE FUNCTION policies_historicalversion_kept() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'policies_historicalversion is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER policies_historicalversion_kept BEFORE UPDATE OR DELETE ON policies_historicalversion FOR EACH ROW EXECUTE FUNCTION policies_historicalversion_kept()
-- next
CREATE OR REPLACE FUNCTION policies_historicalversion_whole() RETURNS trigger LANGUAGE plpgsql
        SET search_path = public, pg_temp
        SET plan_cache_mode = force_generic_plan
        SET enable_seqscan = off
        AS $guard$
        BEGIN
            RAISE EXCEPTION 'policies_historicalversion is append-only' USING ERRCODE = '23000';
            RETURN NEW;
        END $guard$
-- next
CREATE TRIGGER policies_historicalversion_whole BEFORE TRUNCATE ON policies_historicalversion FOR EACH STATEMENT EXECUTE FUNCTION policies_historicalversion_whole()
