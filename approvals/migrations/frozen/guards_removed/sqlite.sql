DROP TRIGGER IF EXISTS entry_guard
-- next
DROP TRIGGER IF EXISTS entry_waits
-- next
DROP TRIGGER IF EXISTS approvals_ledgerentry_no_update
-- next
DROP TRIGGER IF EXISTS approvals_ledgerentry_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_ledgerposition_no_update
-- next
DROP TRIGGER IF EXISTS approvals_ledgerposition_no_delete
-- next
DROP TRIGGER IF EXISTS pending_numbered
-- next
DROP TRIGGER IF EXISTS action_born
-- next
DROP TRIGGER IF EXISTS action_still
-- next
DROP TRIGGER IF EXISTS action_bare
-- next
DROP TRIGGER IF EXISTS action_untold
-- next
DROP TRIGGER IF EXISTS action_illegal
-- next
DROP TRIGGER IF EXISTS approvals_action_fixed
-- next
DROP TRIGGER IF EXISTS action_round
-- next
DROP TRIGGER IF EXISTS action_rejection
-- next
DROP TRIGGER IF EXISTS approvals_action_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_revision_no_update
-- next
DROP TRIGGER IF EXISTS approvals_revision_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_text_no_update
-- next
DROP TRIGGER IF EXISTS approvals_text_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_lookupresult_no_update
-- next
DROP TRIGGER IF EXISTS approvals_lookupresult_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_policyevaluation_no_update
-- next
DROP TRIGGER IF EXISTS approvals_policyevaluation_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_stage_fixed
-- next
DROP TRIGGER IF EXISTS stage_bar
-- next
DROP TRIGGER IF EXISTS stage_order
-- next
DROP TRIGGER IF EXISTS stage_frozen
-- next
DROP TRIGGER IF EXISTS approvals_stage_no_delete
-- next
DROP TRIGGER IF EXISTS decision_whole
-- next
DROP TRIGGER IF EXISTS decision_bound
-- next
DROP TRIGGER IF EXISTS approvals_decision_no_update
-- next
DROP TRIGGER IF EXISTS approvals_decision_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_note_fixed
-- next
DROP TRIGGER IF EXISTS approvals_note_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_execution_fixed
-- next
DROP TRIGGER IF EXISTS execution_born
-- next
DROP TRIGGER IF EXISTS execution_steps
-- next
DROP TRIGGER IF EXISTS approvals_execution_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_attempt_no_update
-- next
DROP TRIGGER IF EXISTS approvals_attempt_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_standingrule_fixed
-- next
DROP TRIGGER IF EXISTS standing_over
-- next
DROP TRIGGER IF EXISTS approvals_standingrule_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_standinguse_no_update
-- next
DROP TRIGGER IF EXISTS approvals_standinguse_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_samplecheck_fixed
-- next
DROP TRIGGER IF EXISTS sample_checked
-- next
DROP TRIGGER IF EXISTS approvals_samplecheck_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_halt_fixed
-- next
DROP TRIGGER IF EXISTS halt_lifted
-- next
DROP TRIGGER IF EXISTS approvals_halt_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_breakglass_fixed
-- next
DROP TRIGGER IF EXISTS break_glass_over
-- next
DROP TRIGGER IF EXISTS approvals_breakglass_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_breakglassuse_no_update
-- next
DROP TRIGGER IF EXISTS approvals_breakglassuse_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_absence_fixed
-- next
DROP TRIGGER IF EXISTS absence_ended
-- next
DROP TRIGGER IF EXISTS approvals_absence_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_delegation_fixed
-- next
DROP TRIGGER IF EXISTS delegation_ended
-- next
DROP TRIGGER IF EXISTS approvals_delegation_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalabsence_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalabsence_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalaction_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalaction_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalactiontype_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalactiontype_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalagent_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalagent_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalapikey_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalapikey_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalbreakglass_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalbreakglass_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalcalendar_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalcalendar_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicaldelegation_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicaldelegation_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicaldesk_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicaldesk_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalduty_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalduty_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalemployee_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalemployee_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalexchangerate_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalexchangerate_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalexecution_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalexecution_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalhalt_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalhalt_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalholiday_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalholiday_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalhours_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalhours_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalmembership_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalmembership_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalperson_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalperson_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalsamplecheck_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalsamplecheck_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalstage_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalstage_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalstandingrule_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalstandingrule_no_delete
-- next
DROP TRIGGER IF EXISTS approvals_historicalsubjectowner_no_update
-- next
DROP TRIGGER IF EXISTS approvals_historicalsubjectowner_no_delete
