# One program per area; each runs under Criterion, or under plain_runner.c (see test.h).
unit_tests = tests/unit/base_error tests/unit/base_path tests/unit/base_port tests/unit/base_proc tests/unit/base_text \
	tests/unit/base_units tests/unit/engine_command tests/unit/engine_jobs tests/unit/engine_settings \
	tests/unit/host_proc tests/unit/host_look tests/unit/model_history tests/unit/model_job_event tests/unit/model_readings \
	tests/unit/model_scan tests/unit/model_spec tests/unit/model_tables tests/unit/model_exits tests/unit/model_steal
unit_tests += tests/unit/tui_canvas tests/unit/tui_emulator \
	tests/unit/tui_columns \
	tests/unit/tui_form \
	tests/unit/tui_keys \
	tests/unit/tui_layout \
	tests/unit/tui_main \
	tests/unit/tui_outlet \
	tests/unit/tui_prompt \
	tests/unit/tui_diff \
	tests/unit/tui_table \
	tests/unit/tui_theme
unit_tests += tests/unit/model_memory tests/unit/model_span tests/unit/trace_wire tests/unit/database
unit_tests += tests/unit/virt_domain_xml tests/unit/virt_events tests/unit/virt_inside tests/unit/virt_plan tests/unit/virt_stats tests/unit/virt_threads
check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
EXTRA_DIST += tests/unit/test.h tests/unit/plain_runner.c

if PLAIN_TESTS
check_LIBRARIES += tests/unit/libplain.a
tests_unit_libplain_a_SOURCES = tests/unit/plain_runner.c
tests_unit_libplain_a_CFLAGS = $(UNIT_CFLAGS)
UNIT_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) -DPLAIN_TESTS
UNIT_LIBS = tests/unit/libplain.a
else
UNIT_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS) $(CRITERION_CFLAGS)
UNIT_LIBS = $(CRITERION_LIBS)
endif
UNIT_MODEL = $(UNIT_LIBS) core/model/libmodel.a core/base/libbase.a $(GLIB_LIBS) -lm

tests_unit_model_exits_SOURCES = tests/unit/model_exits.c
tests_unit_model_exits_CFLAGS = $(UNIT_CFLAGS)
tests_unit_model_exits_LDADD = $(UNIT_MODEL)
tests_unit_model_steal_SOURCES = tests/unit/model_steal.c
tests_unit_model_steal_CFLAGS = $(UNIT_CFLAGS)
tests_unit_model_steal_LDADD = $(UNIT_MODEL)
tests_unit_base_error_SOURCES = tests/unit/base_error.c
tests_unit_base_error_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_error_LDADD = $(UNIT_MODEL)
tests_unit_base_path_SOURCES = tests/unit/base_path.c
tests_unit_base_path_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_path_LDADD = $(UNIT_MODEL)
tests_unit_base_port_SOURCES = tests/unit/base_port.c
tests_unit_base_port_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_port_LDADD = $(UNIT_MODEL)
tests_unit_base_proc_SOURCES = tests/unit/base_proc.c
tests_unit_base_proc_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_proc_LDADD = $(UNIT_MODEL)
tests_unit_base_text_SOURCES = tests/unit/base_text.c
tests_unit_base_text_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_text_LDADD = $(UNIT_MODEL)
tests_unit_base_units_SOURCES = tests/unit/base_units.c
tests_unit_base_units_CFLAGS = $(UNIT_CFLAGS)
tests_unit_base_units_LDADD = $(UNIT_MODEL)
tests_unit_model_history_SOURCES = tests/unit/model_history.c
tests_unit_model_history_CFLAGS = $(UNIT_CFLAGS)
tests_unit_model_history_LDADD = $(UNIT_MODEL)
tests_unit_model_job_event_SOURCES = tests/unit/model_job_event.c
tests_unit_model_job_event_CFLAGS = $(UNIT_CFLAGS)
tests_unit_model_job_event_LDADD = $(UNIT_MODEL)
tests_unit_model_memory_SOURCES = tests/unit/model_memory.c
tests_unit_model_memory_CFLAGS = $(UNIT_CFLAGS)
tests_unit_model_memory_LDADD = $(UNIT_MODEL)
tests_unit_database_SOURCES = tests/unit/database.c
tests_unit_database_CFLAGS = $(UNIT_CFLAGS)
tests_unit_database_LDADD = $(UNIT_LIBS) core/database/libdatabase.a core/model/libmodel.a core/base/libbase.a \
	$(MARIADB_LIBS) $(GLIB_LIBS) -lm
tests_unit_model_span_SOURCES = tests/unit/model_span.c
tests_unit_model_span_CFLAGS = $(UNIT_CFLAGS)
tests_unit_model_span_LDADD = $(UNIT_MODEL)
tests_unit_trace_wire_SOURCES = tests/unit/trace_wire.c
tests_unit_trace_wire_CFLAGS = $(UNIT_CFLAGS)
tests_unit_trace_wire_LDADD = $(UNIT_LIBS) core/host/libhost.a $(GLIB_LIBS)
tests_unit_model_readings_SOURCES = tests/unit/model_readings.c
tests_unit_model_readings_CFLAGS = $(UNIT_CFLAGS)
tests_unit_model_readings_LDADD = $(UNIT_MODEL)
tests_unit_model_scan_SOURCES = tests/unit/model_scan.c
tests_unit_model_scan_CFLAGS = $(UNIT_CFLAGS)
tests_unit_model_scan_LDADD = $(UNIT_MODEL)
tests_unit_model_spec_SOURCES = tests/unit/model_spec.c
tests_unit_model_spec_CFLAGS = $(UNIT_CFLAGS)
tests_unit_model_spec_LDADD = $(UNIT_MODEL)
tests_unit_model_tables_SOURCES = tests/unit/model_tables.c
tests_unit_model_tables_CFLAGS = $(UNIT_CFLAGS)
tests_unit_model_tables_LDADD = $(UNIT_MODEL)
tests_unit_engine_command_SOURCES = tests/unit/engine_command.c
tests_unit_engine_command_CFLAGS = $(UNIT_CFLAGS)
tests_unit_engine_command_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_engine_jobs_SOURCES = tests/unit/engine_jobs.c
tests_unit_engine_jobs_CFLAGS = $(UNIT_CFLAGS)
tests_unit_engine_jobs_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_engine_settings_SOURCES = tests/unit/engine_settings.c
tests_unit_engine_settings_CFLAGS = $(UNIT_CFLAGS)
tests_unit_engine_settings_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_host_look_SOURCES = tests/unit/host_look.c tests/unit/tree.c tests/unit/tree.h
tests_unit_host_look_CFLAGS = $(UNIT_CFLAGS)
tests_unit_host_look_LDADD = $(UNIT_LIBS) core/host/libhost.a core/model/libmodel.a core/base/libbase.a $(STATGRAB_LIBS) $(GLIB_LIBS) -lm
tests_unit_host_proc_SOURCES = tests/unit/host_proc.c
tests_unit_host_proc_CFLAGS = $(UNIT_CFLAGS)
tests_unit_host_proc_LDADD = $(UNIT_LIBS) core/host/libhost.a core/model/libmodel.a core/base/libbase.a $(STATGRAB_LIBS) $(GLIB_LIBS) -lm

# The screen's tests run on an engine that is made up.
UNIT_TUI = $(UNIT_LIBS) tui/libtui.a $(CORE_LIBS) $(CURSES_LIBS) $(VTERM_LIBS) $(SYSTEM_LIBS)
UNIT_FAKE = $(UNIT_LIBS) tui/libtui.a $(FAKE_LIB) $(CORE_LIBS) $(CURSES_LIBS) $(VTERM_LIBS) $(SYSTEM_LIBS)
tests_unit_tui_canvas_SOURCES = tests/unit/tui_canvas.c
tests_unit_tui_emulator_SOURCES = tests/unit/tui_emulator.c
tests_unit_tui_emulator_CFLAGS = $(UNIT_CFLAGS) $(CURSES_CFLAGS)
tests_unit_tui_emulator_LDADD = $(UNIT_TUI)
tests_unit_tui_canvas_CFLAGS = $(UNIT_CFLAGS) $(CURSES_CFLAGS)
tests_unit_tui_canvas_LDADD = $(UNIT_TUI)
tests_unit_tui_columns_SOURCES = tests/unit/tui_columns.c
tests_unit_tui_columns_CFLAGS = $(UNIT_CFLAGS) $(CURSES_CFLAGS)
tests_unit_tui_columns_LDADD = $(UNIT_FAKE)
tests_unit_tui_keys_SOURCES = tests/unit/tui_keys.c
tests_unit_tui_keys_CFLAGS = $(UNIT_CFLAGS) $(CURSES_CFLAGS)
tests_unit_tui_keys_LDADD = $(UNIT_TUI)
tests_unit_tui_layout_SOURCES = tests/unit/tui_layout.c
tests_unit_tui_layout_CFLAGS = $(UNIT_CFLAGS) $(CURSES_CFLAGS)
tests_unit_tui_layout_LDADD = $(UNIT_TUI)
tests_unit_tui_main_SOURCES = tests/unit/tui_main.c
tests_unit_tui_main_CFLAGS = $(UNIT_CFLAGS) $(CURSES_CFLAGS)
tests_unit_tui_main_LDADD = $(UNIT_FAKE)
tests_unit_tui_outlet_SOURCES = tests/unit/tui_outlet.c
tests_unit_tui_outlet_CFLAGS = $(UNIT_CFLAGS) $(CURSES_CFLAGS)
tests_unit_tui_outlet_LDADD = $(UNIT_TUI)
tests_unit_tui_diff_SOURCES = tests/unit/tui_diff.c
tests_unit_tui_diff_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tui_diff_LDADD = $(UNIT_FAKE)
tests_unit_tui_table_SOURCES = tests/unit/tui_table.c
tests_unit_tui_table_CFLAGS = $(UNIT_CFLAGS) $(CURSES_CFLAGS)
tests_unit_tui_table_LDADD = $(UNIT_FAKE)
tests_unit_tui_theme_SOURCES = tests/unit/tui_theme.c
tests_unit_tui_theme_CFLAGS = $(UNIT_CFLAGS) $(CURSES_CFLAGS)
tests_unit_tui_theme_LDADD = $(UNIT_TUI)
tests_unit_virt_domain_xml_SOURCES = tests/unit/virt_domain_xml.c
tests_unit_virt_domain_xml_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS) $(LIBXML_CFLAGS)
tests_unit_virt_domain_xml_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_events_SOURCES = tests/unit/virt_events.c
tests_unit_virt_events_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_virt_events_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_plan_SOURCES = tests/unit/virt_plan.c
tests_unit_virt_plan_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_virt_plan_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_inside_SOURCES = tests/unit/virt_inside.c
tests_unit_virt_inside_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_virt_inside_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_threads_SOURCES = tests/unit/virt_threads.c
tests_unit_virt_threads_CFLAGS = $(UNIT_CFLAGS)
tests_unit_virt_threads_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_stats_SOURCES = tests/unit/virt_stats.c
tests_unit_virt_stats_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_virt_stats_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_tui_form_SOURCES = tests/unit/tui_form.c
tests_unit_tui_form_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tui_form_LDADD = $(UNIT_TUI)
tests_unit_tui_prompt_SOURCES = tests/unit/tui_prompt.c
tests_unit_tui_prompt_CFLAGS = $(UNIT_CFLAGS)
tests_unit_tui_prompt_LDADD = $(UNIT_TUI)

# core/virt, as far as it needs no hypervisor.
virt_tests = tests/unit/virt_blueprint tests/unit/virt_clone tests/unit/virt_reach tests/unit/virt_ssh_keys tests/unit/virt_redefine tests/unit/virt_snapshot_plan tests/unit/virt_template tests/unit/virt_hub tests/unit/virt_life tests/unit/virt_picture tests/unit/virt_sriov tests/unit/virt_aftermath tests/unit/virt_vf_counters
check_PROGRAMS += $(virt_tests)
TESTS += $(virt_tests)
EXTRA_DIST += tests/data/domain
tests_unit_virt_snapshot_plan_SOURCES = tests/unit/virt_snapshot_plan.c
tests_unit_virt_snapshot_plan_CFLAGS = $(UNIT_CFLAGS) $(LIBXML_CFLAGS)
tests_unit_virt_snapshot_plan_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_clone_SOURCES = tests/unit/virt_clone.c
tests_unit_virt_clone_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS) $(LIBXML_CFLAGS)
tests_unit_virt_clone_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_reach_SOURCES = tests/unit/virt_reach.c
tests_unit_virt_reach_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS) $(LIBXML_CFLAGS)
tests_unit_virt_reach_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_ssh_keys_SOURCES = tests/unit/virt_ssh_keys.c
tests_unit_virt_ssh_keys_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS) $(LIBXML_CFLAGS)
tests_unit_virt_ssh_keys_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_redefine_SOURCES = tests/unit/virt_redefine.c
tests_unit_virt_redefine_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS) $(LIBXML_CFLAGS)
tests_unit_virt_redefine_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_blueprint_SOURCES = tests/unit/virt_blueprint.c
tests_unit_virt_blueprint_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS) $(LIBXML_CFLAGS) '-DTEST_DATA="$(abs_srcdir)/tests/data"'
tests_unit_virt_blueprint_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_hub_SOURCES = tests/unit/virt_hub.c
tests_unit_virt_hub_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_virt_hub_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_picture_SOURCES = tests/unit/virt_picture.c
tests_unit_virt_picture_CFLAGS = $(UNIT_CFLAGS) $(PNG_CFLAGS)
tests_unit_virt_picture_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_aftermath_SOURCES = tests/unit/virt_aftermath.c
tests_unit_virt_aftermath_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_virt_aftermath_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_vf_counters_SOURCES = tests/unit/virt_vf_counters.c tests/unit/tree.c tests/unit/tree.h
tests_unit_virt_vf_counters_CFLAGS = $(UNIT_CFLAGS) $(MNL_CFLAGS)
tests_unit_virt_vf_counters_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_life_SOURCES = tests/unit/virt_life.c
tests_unit_virt_life_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_virt_life_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
# Tests on trees of files that they make.
check_PROGRAMS += tests/unit/virt_verify
TESTS += tests/unit/virt_verify
tests_unit_virt_verify_SOURCES = tests/unit/virt_verify.c tests/unit/tree.c tests/unit/tree.h
tests_unit_virt_verify_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_virt_verify_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
check_PROGRAMS += tests/unit/virt_explain
TESTS += tests/unit/virt_explain
EXTRA_DIST += tests/data/kinds
tests_unit_virt_explain_SOURCES = tests/unit/virt_explain.c tests/unit/tree.c tests/unit/tree.h
tests_unit_virt_explain_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS) '-DTEST_DATA="$(abs_srcdir)/tests/data"'
tests_unit_virt_explain_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_sriov_SOURCES = tests/unit/virt_sriov.c tests/unit/tree.c tests/unit/tree.h
tests_unit_virt_sriov_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_virt_sriov_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_virt_template_SOURCES = tests/unit/virt_template.c
tests_unit_virt_template_CFLAGS = $(UNIT_CFLAGS) $(LIBVIRT_CFLAGS)
tests_unit_virt_template_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)

# Host verification as text and JSON.
check_PROGRAMS += tests/unit/engine_check
TESTS += tests/unit/engine_check
tests_unit_engine_check_SOURCES = tests/unit/engine_check.c
tests_unit_engine_check_CFLAGS = $(UNIT_CFLAGS) $(JANSSON_CFLAGS)
tests_unit_engine_check_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)

# Scripts, too.
check_PROGRAMS += tests/unit/engine_play
TESTS += tests/unit/engine_play
tests_unit_engine_play_SOURCES = tests/unit/engine_play.c
tests_unit_engine_play_CFLAGS = $(UNIT_CFLAGS)
tests_unit_engine_play_LDADD = $(UNIT_FAKE)

# The rest of the engine.
check_PROGRAMS += tests/unit/engine_ask tests/unit/engine_complete tests/unit/engine_inbox tests/unit/engine_poll \
	tests/unit/engine_replay
TESTS += tests/unit/engine_ask tests/unit/engine_complete tests/unit/engine_inbox tests/unit/engine_poll \
	tests/unit/engine_replay
tests_unit_engine_ask_SOURCES = tests/unit/engine_ask.c
tests_unit_engine_ask_CFLAGS = $(UNIT_CFLAGS)
tests_unit_engine_ask_LDADD = $(UNIT_LIBS) tests/unit/libsessiontest.a $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_engine_poll_SOURCES = tests/unit/engine_poll.c
tests_unit_engine_poll_CFLAGS = $(UNIT_CFLAGS)
tests_unit_engine_poll_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_engine_complete_SOURCES = tests/unit/engine_complete.c
tests_unit_engine_complete_CFLAGS = $(UNIT_CFLAGS)
tests_unit_engine_complete_LDADD = $(UNIT_FAKE)
tests_unit_engine_inbox_SOURCES = tests/unit/engine_inbox.c
tests_unit_engine_inbox_CFLAGS = $(UNIT_CFLAGS)
tests_unit_engine_inbox_LDADD = $(UNIT_LIBS) $(CORE_LIBS) $(SYSTEM_LIBS)
tests_unit_engine_replay_SOURCES = tests/unit/engine_replay.c
tests_unit_engine_replay_CFLAGS = $(UNIT_CFLAGS)
tests_unit_engine_replay_LDADD = $(UNIT_LIBS) tests/unit/libsessiontest.a $(CORE_LIBS) $(SYSTEM_LIBS)

check_PROGRAMS += tests/unit/model_snapshot
TESTS += tests/unit/model_snapshot
tests_unit_model_snapshot_SOURCES = tests/unit/model_snapshot.c
tests_unit_model_snapshot_CFLAGS = $(UNIT_CFLAGS)
tests_unit_model_snapshot_LDADD = $(FAKE_LIB) $(UNIT_MODEL)
