CREATE TRIGGER entry_guard AFTER INSERT ON approvals_ledgerentry WHEN (NEW.state_to <> '' AND (NEW.state_from || '>' || NEW.state_to NOT IN ('>proposed', 'approved>executing', 'approved>expired', 'approved>pending', 'approved>withdrawn', 'executing>executed', 'executing>failed', 'executing>uncertain', 'failed>executing', 'modified>executing', 'modified>expired', 'modified>pending', 'modified>withdrawn', 'pending>approved', 'pending>expired', 'pending>modified', 'pending>rejected', 'pending>withdrawn', 'proposed>approved', 'proposed>expired', 'proposed>pending', 'proposed>rejected', 'proposed>withdrawn', 'uncertain>executed', 'uncertain>executing', 'uncertain>failed') OR NOT EXISTS (SELECT 1 FROM approvals_action WHERE id = NEW.action_id AND entry_id = NEW.id AND state = NEW.state_to))) OR (NEW.state_to = '' AND (NEW.state_from <> '' OR EXISTS (SELECT 1 FROM approvals_action WHERE entry_id = NEW.id))) BEGIN SELECT RAISE(ABORT, 'a ledger entry must contain the current state of its action'); END
-- next
CREATE TRIGGER entry_waits AFTER INSERT ON approvals_ledgerentry BEGIN INSERT INTO approvals_ledgeroutbox (entry_id) VALUES (NEW.id); END
-- next
CREATE TRIGGER approvals_ledgerentry_no_update BEFORE UPDATE ON approvals_ledgerentry WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_ledgerentry is append-only'); END
-- next
CREATE TRIGGER approvals_ledgerentry_no_delete BEFORE DELETE ON approvals_ledgerentry WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_ledgerentry is append-only'); END
-- next
CREATE TRIGGER approvals_ledgerposition_no_update BEFORE UPDATE ON approvals_ledgerposition WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_ledgerposition is append-only'); END
-- next
CREATE TRIGGER approvals_ledgerposition_no_delete BEFORE DELETE ON approvals_ledgerposition WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_ledgerposition is append-only'); END
-- next
CREATE TRIGGER pending_numbered BEFORE DELETE ON approvals_ledgeroutbox WHEN NOT EXISTS (SELECT 1 FROM approvals_ledgerposition WHERE entry_id = OLD.entry_id) BEGIN SELECT RAISE(ABORT, 'a ledger entry must wait in the outbox until it has a position'); END
-- next
CREATE TRIGGER action_born BEFORE INSERT ON approvals_action WHEN NEW.state <> 'proposed' OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id) BEGIN SELECT RAISE(ABORT, 'a new action must be in the proposed state and have its own ledger entry'); END
-- next
CREATE TRIGGER action_still BEFORE UPDATE ON approvals_action WHEN NEW.state = OLD.state AND (NEW.entry_id <> OLD.entry_id OR NEW.id <> OLD.id) BEGIN SELECT RAISE(ABORT, 'the ledger entry of an action can change only together with its state'); END
-- next
CREATE TRIGGER action_bare BEFORE UPDATE ON approvals_action WHEN NEW.state <> OLD.state AND (NEW.entry_id = OLD.entry_id OR NEW.id <> OLD.id OR EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = NEW.entry_id)) BEGIN SELECT RAISE(ABORT, 'a state change needs a new ledger entry'); END
-- next
CREATE TRIGGER action_untold BEFORE UPDATE ON approvals_action WHEN NEW.state <> OLD.state AND NOT EXISTS (SELECT 1 FROM approvals_ledgerentry WHERE id = OLD.entry_id) BEGIN SELECT RAISE(ABORT, 'the previous state change has no ledger entry'); END
-- next
CREATE TRIGGER action_illegal BEFORE UPDATE ON approvals_action WHEN NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('approved>executing', 'approved>expired', 'approved>pending', 'approved>withdrawn', 'executing>executed', 'executing>failed', 'executing>uncertain', 'failed>executing', 'modified>executing', 'modified>expired', 'modified>pending', 'modified>withdrawn', 'pending>approved', 'pending>expired', 'pending>modified', 'pending>rejected', 'pending>withdrawn', 'proposed>approved', 'proposed>expired', 'proposed>pending', 'proposed>rejected', 'proposed>withdrawn', 'uncertain>executed', 'uncertain>executing', 'uncertain>failed') BEGIN SELECT RAISE(ABORT, 'this state change is not allowed'); END
-- next
CREATE TRIGGER approvals_action_fixed BEFORE UPDATE ON approvals_action WHEN NEW.action_type_id IS NOT OLD.action_type_id OR NEW.agent_id IS NOT OLD.agent_id OR NEW.owner_id IS NOT OLD.owner_id OR NEW.desk_id IS NOT OLD.desk_id OR NEW.idempotency_key IS NOT OLD.idempotency_key OR NEW.request_digest IS NOT OLD.request_digest OR NEW.confidence IS NOT OLD.confidence OR NEW.on_behalf_of IS NOT OLD.on_behalf_of OR NEW.thread IS NOT OLD.thread OR NEW.created_at IS NOT OLD.created_at OR NEW.expires_at IS NOT OLD.expires_at OR NEW.overrides_id IS NOT OLD.overrides_id OR NEW.overridden_by_id IS NOT OLD.overridden_by_id OR NEW.reverses_id IS NOT OLD.reverses_id OR NEW.requesters IS NOT OLD.requesters BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER action_round BEFORE UPDATE ON approvals_action WHEN 
    NEW.round <> OLD.round AND NOT
    (NEW.round = OLD.round + 1 AND NEW.state = 'pending' AND OLD.state IN ('approved', 'modified'))
 BEGIN SELECT RAISE(ABORT, 'a new round can start only when an approved action returns to review'); END
-- next
CREATE TRIGGER approvals_action_no_delete BEFORE DELETE ON approvals_action WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_action is append-only'); END
-- next
CREATE TRIGGER approvals_revision_no_update BEFORE UPDATE ON approvals_revision WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_revision is append-only'); END
-- next
CREATE TRIGGER approvals_revision_no_delete BEFORE DELETE ON approvals_revision WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_revision is append-only'); END
-- next
CREATE TRIGGER approvals_text_no_update BEFORE UPDATE ON approvals_text WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_text is append-only'); END
-- next
CREATE TRIGGER approvals_text_no_delete BEFORE DELETE ON approvals_text WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_text is append-only'); END
-- next
CREATE TRIGGER approvals_lookupresult_no_update BEFORE UPDATE ON approvals_lookupresult WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_lookupresult is append-only'); END
-- next
CREATE TRIGGER approvals_lookupresult_no_delete BEFORE DELETE ON approvals_lookupresult WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_lookupresult is append-only'); END
-- next
CREATE TRIGGER approvals_policyevaluation_no_update BEFORE UPDATE ON approvals_policyevaluation WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_policyevaluation is append-only'); END
-- next
CREATE TRIGGER approvals_policyevaluation_no_delete BEFORE DELETE ON approvals_policyevaluation WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_policyevaluation is append-only'); END
-- next
CREATE TRIGGER approvals_stage_fixed BEFORE UPDATE ON approvals_stage WHEN NEW.id IS NOT OLD.id OR NEW.action_id IS NOT OLD.action_id OR NEW.round IS NOT OLD.round OR NEW.number IS NOT OLD.number OR NEW.desk_id IS NOT OLD.desk_id OR NEW.kind IS NOT OLD.kind OR NEW.step IS NOT OLD.step OR NEW.group_id IS NOT OLD.group_id OR NEW.is_other_desk IS NOT OLD.is_other_desk BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER stage_bar BEFORE UPDATE ON approvals_stage WHEN OLD.state NOT IN ('open', 'waiting') OR NEW.tier < OLD.tier OR NEW.quorum < OLD.quorum BEGIN SELECT RAISE(ABORT, 'the requirements of a stage cannot be lowered, and a closed stage cannot change'); END
-- next
CREATE TRIGGER stage_order BEFORE UPDATE ON approvals_stage WHEN 
    (OLD.state = 'waiting' AND NEW.state NOT IN ('waiting', 'open', 'superseded'))
    OR (OLD.state = 'open' AND NEW.state = 'waiting')
 BEGIN SELECT RAISE(ABORT, 'a waiting stage must open before it ends, and an open stage cannot go back to waiting'); END
-- next
CREATE TRIGGER stage_frozen BEFORE UPDATE ON approvals_stage WHEN OLD.state <> 'waiting' AND (NEW.person_id IS NOT OLD.person_id OR NEW.opened_at IS NOT OLD.opened_at) BEGIN SELECT RAISE(ABORT, 'the assignee and the opening time of a stage cannot change after it opens'); END
-- next
CREATE TRIGGER approvals_stage_no_delete BEFORE DELETE ON approvals_stage WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_stage is append-only'); END
-- next
CREATE TRIGGER decision_whole BEFORE INSERT ON approvals_decision WHEN NEW.is_final AND NEW.verdict IN ('approve', 'modify') AND EXISTS (
    SELECT 1 FROM approvals_stage s
    WHERE s.action_id = NEW.action_id AND s.round = NEW.round AND s.state IN ('open', 'waiting')
) BEGIN SELECT RAISE(ABORT, 'an action cannot be approved while a stage of its plan is open or waiting'); END
-- next
CREATE TRIGGER decision_bound BEFORE INSERT ON approvals_decision WHEN NOT EXISTS (
    SELECT 1 FROM approvals_ledgerentry e, approvals_revision r
    WHERE e.id = NEW.entry_id AND e.action_id = NEW.action_id
    AND (NEW.person_id IS NULL OR e.actor = 'person:' || NEW.person_id)
    AND (NOT NEW.is_final OR e.state_to IN ('approved', 'modified', 'rejected', 'expired'))
    AND r.id = NEW.revision_id AND r.action_id = NEW.action_id AND r.digest = NEW.digest
) BEGIN SELECT RAISE(ABORT, 'a decision needs a matching ledger entry and revision'); END
-- next
CREATE TRIGGER approvals_decision_no_update BEFORE UPDATE ON approvals_decision WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_decision is append-only'); END
-- next
CREATE TRIGGER approvals_decision_no_delete BEFORE DELETE ON approvals_decision WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_decision is append-only'); END
-- next
CREATE TRIGGER approvals_note_fixed BEFORE UPDATE ON approvals_note WHEN NEW.id IS NOT OLD.id OR NEW.action_id IS NOT OLD.action_id OR NEW.kind IS NOT OLD.kind OR NEW.person_id IS NOT OLD.person_id OR NEW.agent_id IS NOT OLD.agent_id OR NEW.text_id IS NOT OLD.text_id OR NEW.answers_id IS NOT OLD.answers_id OR NEW.at IS NOT OLD.at OR NEW.entry_id IS NOT OLD.entry_id OR NEW.handed_to_id IS NOT OLD.handed_to_id OR NEW.revision_id IS NOT OLD.revision_id BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER approvals_note_no_delete BEFORE DELETE ON approvals_note WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_note is append-only'); END
-- next
CREATE TRIGGER approvals_execution_fixed BEFORE UPDATE ON approvals_execution WHEN NEW.id IS NOT OLD.id OR NEW.action_id IS NOT OLD.action_id OR NEW.revision_id IS NOT OLD.revision_id OR NEW.round IS NOT OLD.round OR NEW.digest IS NOT OLD.digest OR NEW.mode IS NOT OLD.mode OR NEW.connector IS NOT OLD.connector OR NEW.target_digest IS NOT OLD.target_digest OR NEW.key IS NOT OLD.key OR NEW.not_before IS NOT OLD.not_before OR NEW.expires_at IS NOT OLD.expires_at OR NEW.created_at IS NOT OLD.created_at BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER execution_born BEFORE INSERT ON approvals_execution WHEN NEW.state <> 'ready' OR NOT EXISTS (
    SELECT 1 FROM approvals_decision d
    WHERE d.action_id = NEW.action_id AND d.round = NEW.round AND d.is_final AND d.verdict IN ('approve', 'modify')
    AND d.revision_id = NEW.revision_id AND d.digest = NEW.digest
) BEGIN SELECT RAISE(ABORT, 'an execution needs a decision that approves its revision'); END
-- next
CREATE TRIGGER execution_steps BEFORE UPDATE ON approvals_execution WHEN NEW.state <> OLD.state AND OLD.state || '>' || NEW.state NOT IN ('ready>running', 'ready>canceled', 'running>succeeded', 'running>failed', 'running>uncertain', 'uncertain>succeeded', 'uncertain>failed') BEGIN SELECT RAISE(ABORT, 'an execution cannot return to an earlier state'); END
-- next
CREATE TRIGGER approvals_execution_no_delete BEFORE DELETE ON approvals_execution WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_execution is append-only'); END
-- next
CREATE TRIGGER approvals_attempt_no_update BEFORE UPDATE ON approvals_attempt WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_attempt is append-only'); END
-- next
CREATE TRIGGER approvals_attempt_no_delete BEFORE DELETE ON approvals_attempt WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_attempt is append-only'); END
-- next
CREATE TRIGGER approvals_standingrule_fixed BEFORE UPDATE ON approvals_standingrule WHEN NEW.id IS NOT OLD.id OR NEW.verdict IS NOT OLD.verdict OR NEW.action_type_id IS NOT OLD.action_type_id OR NEW.agent_id IS NOT OLD.agent_id OR NEW.subject IS NOT OLD.subject OR NEW.condition IS NOT OLD.condition OR NEW.max_amount IS NOT OLD.max_amount OR NEW.currency IS NOT OLD.currency OR NEW.salt IS NOT OLD.salt OR NEW.count_per_day IS NOT OLD.count_per_day OR NEW.sum_per_day IS NOT OLD.sum_per_day OR NEW.sample_rate IS NOT OLD.sample_rate OR NEW.expires_at IS NOT OLD.expires_at OR NEW.reason IS NOT OLD.reason OR NEW.decision_id IS NOT OLD.decision_id OR NEW.made_by_id IS NOT OLD.made_by_id OR NEW.made_at IS NOT OLD.made_at OR NEW.agent_version IS NOT OLD.agent_version OR NEW.type_version IS NOT OLD.type_version OR NEW.target_digest IS NOT OLD.target_digest OR NEW.policies IS NOT OLD.policies OR NEW.waives IS NOT OLD.waives BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER standing_over BEFORE UPDATE ON approvals_standingrule WHEN OLD.state IN ('stopped', 'expired') OR NEW.state = 'proposed' AND OLD.state <> 'proposed' BEGIN SELECT RAISE(ABORT, 'a standing rule that has ended cannot change; create a new one'); END
-- next
CREATE TRIGGER approvals_standingrule_no_delete BEFORE DELETE ON approvals_standingrule WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_standingrule is append-only'); END
-- next
CREATE TRIGGER approvals_standinguse_no_update BEFORE UPDATE ON approvals_standinguse WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_standinguse is append-only'); END
-- next
CREATE TRIGGER approvals_standinguse_no_delete BEFORE DELETE ON approvals_standinguse WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_standinguse is append-only'); END
-- next
CREATE TRIGGER approvals_samplecheck_fixed BEFORE UPDATE ON approvals_samplecheck WHEN NEW.id IS NOT OLD.id OR NEW.action_id IS NOT OLD.action_id OR NEW.rule_id IS NOT OLD.rule_id OR NEW.desk_id IS NOT OLD.desk_id OR NEW.drawn_at IS NOT OLD.drawn_at BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER sample_checked BEFORE UPDATE ON approvals_samplecheck WHEN OLD.state <> 'open' BEGIN SELECT RAISE(ABORT, 'the result of a spot check cannot change'); END
-- next
CREATE TRIGGER approvals_samplecheck_no_delete BEFORE DELETE ON approvals_samplecheck WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_samplecheck is append-only'); END
-- next
CREATE TRIGGER approvals_halt_fixed BEFORE UPDATE ON approvals_halt WHEN NEW.id IS NOT OLD.id OR NEW.scope IS NOT OLD.scope OR NEW.desk_id IS NOT OLD.desk_id OR NEW.action_type_id IS NOT OLD.action_type_id OR NEW.agent_id IS NOT OLD.agent_id OR NEW.connector IS NOT OLD.connector OR NEW.reason IS NOT OLD.reason OR NEW.started_by_id IS NOT OLD.started_by_id OR NEW.started_at IS NOT OLD.started_at BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER halt_lifted BEFORE UPDATE ON approvals_halt WHEN OLD.lifted_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a lifted halt cannot change; start a new one'); END
-- next
CREATE TRIGGER approvals_halt_no_delete BEFORE DELETE ON approvals_halt WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_halt is append-only'); END
-- next
CREATE TRIGGER approvals_breakglass_fixed BEFORE UPDATE ON approvals_breakglass WHEN NEW.id IS NOT OLD.id OR NEW.person_id IS NOT OLD.person_id OR NEW.desk_id IS NOT OLD.desk_id OR NEW.reason IS NOT OLD.reason OR NEW.opened_at IS NOT OLD.opened_at OR NEW.expires_at IS NOT OLD.expires_at BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER break_glass_over BEFORE UPDATE ON approvals_breakglass WHEN OLD.reviewed_at IS NOT NULL OR OLD.closed_at IS NOT NULL AND NEW.closed_at IS NULL BEGIN SELECT RAISE(ABORT, 'a row that has ended cannot change; create a new one'); END
-- next
CREATE TRIGGER approvals_breakglass_no_delete BEFORE DELETE ON approvals_breakglass WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_breakglass is append-only'); END
-- next
CREATE TRIGGER approvals_breakglassuse_no_update BEFORE UPDATE ON approvals_breakglassuse WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_breakglassuse is append-only'); END
-- next
CREATE TRIGGER approvals_breakglassuse_no_delete BEFORE DELETE ON approvals_breakglassuse WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_breakglassuse is append-only'); END
-- next
CREATE TRIGGER approvals_absence_fixed BEFORE UPDATE ON approvals_absence WHEN NEW.id IS NOT OLD.id OR NEW.person_id IS NOT OLD.person_id OR NEW.starts_at IS NOT OLD.starts_at OR NEW.ends_at IS NOT OLD.ends_at OR NEW.entered_by_id IS NOT OLD.entered_by_id OR NEW.entered_at IS NOT OLD.entered_at BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER absence_ended BEFORE UPDATE ON approvals_absence WHEN OLD.ended_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a row that has ended cannot change; create a new one'); END
-- next
CREATE TRIGGER approvals_absence_no_delete BEFORE DELETE ON approvals_absence WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_absence is append-only'); END
-- next
CREATE TRIGGER approvals_delegation_fixed BEFORE UPDATE ON approvals_delegation WHEN NEW.id IS NOT OLD.id OR NEW.person_id IS NOT OLD.person_id OR NEW.delegate_id IS NOT OLD.delegate_id OR NEW.desk_id IS NOT OLD.desk_id OR NEW.starts_at IS NOT OLD.starts_at OR NEW.ends_at IS NOT OLD.ends_at OR NEW.reason IS NOT OLD.reason OR NEW.granted_by_id IS NOT OLD.granted_by_id OR NEW.granted_at IS NOT OLD.granted_at BEGIN SELECT RAISE(ABORT, 'this value cannot change after the row is created'); END
-- next
CREATE TRIGGER delegation_ended BEFORE UPDATE ON approvals_delegation WHEN OLD.ended_at IS NOT NULL BEGIN SELECT RAISE(ABORT, 'a row that has ended cannot change; create a new one'); END
-- next
CREATE TRIGGER approvals_delegation_no_delete BEFORE DELETE ON approvals_delegation WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_delegation is append-only'); END
-- next
CREATE TRIGGER approvals_historicalabsence_no_update BEFORE UPDATE ON approvals_historicalabsence WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalabsence is append-only'); END
-- next
CREATE TRIGGER approvals_historicalabsence_no_delete BEFORE DELETE ON approvals_historicalabsence WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalabsence is append-only'); END
-- next
CREATE TRIGGER approvals_historicalaction_no_update BEFORE UPDATE ON approvals_historicalaction WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalaction is append-only'); END
-- next
CREATE TRIGGER approvals_historicalaction_no_delete BEFORE DELETE ON approvals_historicalaction WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalaction is append-only'); END
-- next
CREATE TRIGGER approvals_historicalactiontype_no_update BEFORE UPDATE ON approvals_historicalactiontype WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalactiontype is append-only'); END
-- next
CREATE TRIGGER approvals_historicalactiontype_no_delete BEFORE DELETE ON approvals_historicalactiontype WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalactiontype is append-only'); END
-- next
CREATE TRIGGER approvals_historicalagent_no_update BEFORE UPDATE ON approvals_historicalagent WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalagent is append-only'); END
-- next
CREATE TRIGGER approvals_historicalagent_no_delete BEFORE DELETE ON approvals_historicalagent WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalagent is append-only'); END
-- next
CREATE TRIGGER approvals_historicalapikey_no_update BEFORE UPDATE ON approvals_historicalapikey WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalapikey is append-only'); END
-- next
CREATE TRIGGER approvals_historicalapikey_no_delete BEFORE DELETE ON approvals_historicalapikey WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalapikey is append-only'); END
-- next
CREATE TRIGGER approvals_historicalbreakglass_no_update BEFORE UPDATE ON approvals_historicalbreakglass WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalbreakglass is append-only'); END
-- next
CREATE TRIGGER approvals_historicalbreakglass_no_delete BEFORE DELETE ON approvals_historicalbreakglass WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalbreakglass is append-only'); END
-- next
CREATE TRIGGER approvals_historicalcalendar_no_update BEFORE UPDATE ON approvals_historicalcalendar WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalcalendar is append-only'); END
-- next
CREATE TRIGGER approvals_historicalcalendar_no_delete BEFORE DELETE ON approvals_historicalcalendar WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalcalendar is append-only'); END
-- next
CREATE TRIGGER approvals_historicaldelegation_no_update BEFORE UPDATE ON approvals_historicaldelegation WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicaldelegation is append-only'); END
-- next
CREATE TRIGGER approvals_historicaldelegation_no_delete BEFORE DELETE ON approvals_historicaldelegation WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicaldelegation is append-only'); END
-- next
CREATE TRIGGER approvals_historicaldesk_no_update BEFORE UPDATE ON approvals_historicaldesk WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicaldesk is append-only'); END
-- next
CREATE TRIGGER approvals_historicaldesk_no_delete BEFORE DELETE ON approvals_historicaldesk WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicaldesk is append-only'); END
-- next
CREATE TRIGGER approvals_historicalduty_no_update BEFORE UPDATE ON approvals_historicalduty WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalduty is append-only'); END
-- next
CREATE TRIGGER approvals_historicalduty_no_delete BEFORE DELETE ON approvals_historicalduty WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalduty is append-only'); END
-- next
CREATE TRIGGER approvals_historicalemployee_no_update BEFORE UPDATE ON approvals_historicalemployee WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalemployee is append-only'); END
-- next
CREATE TRIGGER approvals_historicalemployee_no_delete BEFORE DELETE ON approvals_historicalemployee WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalemployee is append-only'); END
-- next
CREATE TRIGGER approvals_historicalexchangerate_no_update BEFORE UPDATE ON approvals_historicalexchangerate WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalexchangerate is append-only'); END
-- next
CREATE TRIGGER approvals_historicalexchangerate_no_delete BEFORE DELETE ON approvals_historicalexchangerate WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalexchangerate is append-only'); END
-- next
CREATE TRIGGER approvals_historicalexecution_no_update BEFORE UPDATE ON approvals_historicalexecution WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalexecution is append-only'); END
-- next
CREATE TRIGGER approvals_historicalexecution_no_delete BEFORE DELETE ON approvals_historicalexecution WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalexecution is append-only'); END
-- next
CREATE TRIGGER approvals_historicalhalt_no_update BEFORE UPDATE ON approvals_historicalhalt WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalhalt is append-only'); END
-- next
CREATE TRIGGER approvals_historicalhalt_no_delete BEFORE DELETE ON approvals_historicalhalt WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalhalt is append-only'); END
-- next
CREATE TRIGGER approvals_historicalholiday_no_update BEFORE UPDATE ON approvals_historicalholiday WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalholiday is append-only'); END
-- next
CREATE TRIGGER approvals_historicalholiday_no_delete BEFORE DELETE ON approvals_historicalholiday WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalholiday is append-only'); END
-- next
CREATE TRIGGER approvals_historicalhours_no_update BEFORE UPDATE ON approvals_historicalhours WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalhours is append-only'); END
-- next
CREATE TRIGGER approvals_historicalhours_no_delete BEFORE DELETE ON approvals_historicalhours WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalhours is append-only'); END
-- next
CREATE TRIGGER approvals_historicalmembership_no_update BEFORE UPDATE ON approvals_historicalmembership WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalmembership is append-only'); END
-- next
CREATE TRIGGER approvals_historicalmembership_no_delete BEFORE DELETE ON approvals_historicalmembership WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalmembership is append-only'); END
-- next
CREATE TRIGGER approvals_historicalperson_no_update BEFORE UPDATE ON approvals_historicalperson WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalperson is append-only'); END
-- next
CREATE TRIGGER approvals_historicalperson_no_delete BEFORE DELETE ON approvals_historicalperson WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalperson is append-only'); END
-- next
CREATE TRIGGER approvals_historicalsamplecheck_no_update BEFORE UPDATE ON approvals_historicalsamplecheck WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalsamplecheck is append-only'); END
-- next
CREATE TRIGGER approvals_historicalsamplecheck_no_delete BEFORE DELETE ON approvals_historicalsamplecheck WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalsamplecheck is append-only'); END
-- next
CREATE TRIGGER approvals_historicalstage_no_update BEFORE UPDATE ON approvals_historicalstage WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalstage is append-only'); END
-- next
CREATE TRIGGER approvals_historicalstage_no_delete BEFORE DELETE ON approvals_historicalstage WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalstage is append-only'); END
-- next
CREATE TRIGGER approvals_historicalstandingrule_no_update BEFORE UPDATE ON approvals_historicalstandingrule WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalstandingrule is append-only'); END
-- next
CREATE TRIGGER approvals_historicalstandingrule_no_delete BEFORE DELETE ON approvals_historicalstandingrule WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalstandingrule is append-only'); END
-- next
CREATE TRIGGER approvals_historicalsubjectowner_no_update BEFORE UPDATE ON approvals_historicalsubjectowner WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalsubjectowner is append-only'); END
-- next
CREATE TRIGGER approvals_historicalsubjectowner_no_delete BEFORE DELETE ON approvals_historicalsubjectowner WHEN 1 BEGIN SELECT RAISE(ABORT, 'approvals_historicalsubjectowner is append-only'); END
