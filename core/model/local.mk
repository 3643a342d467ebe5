noinst_LIBRARIES += core/model/libmodel.a
core_model_libmodel_a_SOURCES = \
	core/model/account.c core/model/account.h \
	core/model/act.h \
	core/model/action.c core/model/action.h \
	core/model/backend.c core/model/backend.h \
	core/model/batch.c core/model/batch.h \
	core/model/chain.c core/model/chain.h \
	core/model/console.h \
	core/model/checkup.c core/model/checkup.h \
	core/model/deletion.c core/model/deletion.h \
	core/model/delivery.c core/model/delivery.h \
	core/model/event.c core/model/event.h \
	core/model/exit_reason.c core/model/exit_reason.h \
	core/model/exits.c core/model/exits.h \
	core/model/explanation.c core/model/explanation.h \
	core/model/guest.c core/model/guest_derive.c core/model/guest.h \
	core/model/history.c core/model/history.h \
	core/model/host_look.c core/model/host_look.h \
	core/model/inside.c core/model/inside.h \
	core/model/job.c core/model/job.h \
	core/model/kind.c core/model/kind.h \
	core/model/mac.c core/model/mac.h \
	core/model/memory.c core/model/memory.h \
	core/model/memory_log.c core/model/memory_log.h \
	core/model/metric.c core/model/metric.h \
	core/model/offers.c core/model/offers.h \
	core/model/proxy.c core/model/proxy.h \
	core/model/readings.c core/model/readings.h \
	core/model/rivals.c core/model/rivals.h \
	core/model/scan.c core/model/scan.h \
	core/model/sheet.c core/model/sheet.h \
	core/model/sink.c core/model/sink.h \
	core/model/snapshot.c core/model/snapshot.h \
	core/model/span.c core/model/span.h \
	core/model/span_log.c core/model/span_log.h \
	core/model/spec.c core/model/spec.h \
	core/model/sriov.c core/model/sriov.h \
	core/model/steal.c core/model/steal.h \
	core/model/target.c core/model/target.h
core_model_libmodel_a_CFLAGS = $(AM_CFLAGS) $(GLIB_CFLAGS)
