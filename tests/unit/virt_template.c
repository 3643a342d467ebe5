/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Templates from files, and what this host's files say about KVM, SR-IOV and disk images. */
#include <glib/gstdio.h>
#include <stdio.h>

#include "core/base/error.h"
#include "core/virt/act/backing.h"
#include "core/virt/conn/kvm.h"
#include "core/virt/prepare/linux_kernel.h"
#include "core/virt/prepare/template.h"
#include "tests/unit/test.h"

static char *scratch(void)
{
  char *dir = g_dir_make_tmp("virtlens-XXXXXX", NULL);
  cr_assert_not_null(dir);
  return dir;
}

/* Write TEXT to DIR/NAME, with the folders on the way. */
static void put(const char *dir, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename(dir, name, NULL);
  g_autofree char *folder = g_path_get_dirname(path);
  cr_assert_eq(g_mkdir_with_parents(folder, 0700), 0);
  cr_assert(g_file_set_contents(path, text, -1, NULL));
}

static void clear(const char *path)
{
  GDir *dir = g_dir_open(path, 0, NULL);
  for (const char *entry; dir && (entry = g_dir_read_name(dir));) {
    g_autofree char *inner = g_build_filename(path, entry, NULL);
    clear(inner);
  }
  if (dir)
    g_dir_close(dir);
  g_remove(path);
}

Test(virt_template, a_user_template_fills_what_was_not_given)
{
  struct template *template =
      template_parse("fast", "fast.template",
                     "# mine\n[template]\ntext = quick disk\nbase = pulse\n\nmemory=32M\n backend = ide \n");
  cr_assert_null(template->reason, "%s", template->reason);
  cr_assert_str_eq(template->text, "quick disk");
  struct spec *spec = spec_new();
  cr_assert(spec_set(spec, SPEC_BACKEND, "sata", NULL));
  cr_assert(template_apply(template, spec, NULL));
  cr_assert_str_eq(spec_text(spec, SPEC_MEMORY), "32M");
  cr_assert_str_eq(spec_text(spec, SPEC_BACKEND), "sata", "the user's own choice was lost");
  cr_assert_str_eq(spec_text(spec, SPEC_DISK), "256M", "the shipped template's value is missing");
  cr_assert_not(spec->given[SPEC_MEMORY]);
  spec_free(spec);
  template_free(template);
}

Test(virt_template, a_malformed_file_names_its_line)
{
  static const struct {
    const char *text, *said;
  } cases[] = {
      {"base=pulse\nmemory=lots\n", "f:2: "},
      {"base=pulse\n\n# x\nnonsense\n", "f:4: "},
      {"base=pulse\ncolour=red\n", "f:2: 'colour'"},
      {"base=windows\n", "f:1: "},
      {"name=x\nbase=pulse\n", "f:1: 'name'"},
      {"memory=16M\n", "base = pulse"},
      {"", "base = pulse"},
      {"base=pulse\nvcpus=0\n", "f:2: "},
      {"base=pulse\nmemory=16M \xff\n", "UTF-8"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    struct template *template = template_parse("x", "f", cases[i].text);
    cr_assert(template->reason && strstr(template->reason, cases[i].said), "'%s' gave: %s", cases[i].text,
              template->reason ? template->reason : "no reason");
    template_free(template);
  }
}

Test(virt_template, a_malformed_file_fills_nothing)
{
  struct template *template = template_parse("x", "f", "base=pulse\nmemory=32M\ndisk=lots\n");
  struct spec *spec = spec_new();
  g_autoptr(GError) fault = NULL;
  cr_assert_not(template_apply(template, spec, &fault), "half of a file was taken");
  cr_assert(strstr(fault->message, "f:3: "), "%s", fault->message);
  cr_assert_str_neq(spec_text(spec, SPEC_MEMORY), "32M");
  spec_free(spec);
  template_free(template);
}

Test(virt_template, files_of_the_folder_come_after_the_shipped_ones)
{
  g_autofree char *dir = scratch();
  put(dir, "b.template", "base=pulse\n");
  put(dir, "a.template", "base=nothing\n");
  put(dir, "pulse.template", "base=pulse\n");
  put(dir, "note.txt", "not one\n");
  g_autoptr(GPtrArray) list = template_list(dir);
  const char *names[] = {"pulse", "linux", "image", "iso", "kernel", "a", "b", "pulse"};
  cr_assert_eq(list->len, G_N_ELEMENTS(names));
  for (guint i = 0; i < list->len; i++)
    cr_assert_str_eq(((struct template *)list->pdata[i])->name, names[i]);
  cr_assert_not_null(((struct template *)list->pdata[7])->reason, "a shipped name was taken");
  const struct template *broken = template_find(list, "a");
  struct spec *spec = spec_new();
  GError *fault = NULL;
  cr_assert_not(template_apply(broken, spec, &fault));
  cr_assert_eq(fault->code, ERROR_USAGE);
  g_error_free(fault);
  spec_free(spec);
  clear(dir);
}

Test(virt_template, software_kvm_is_known_by_module_or_flags)
{
  g_autofree char *dir = scratch();
  put(dir, "real", "processor\t: 0\nflags\t\t: fpu vme vmx ss\n");
  put(dir, "none", "processor\t: 0\nflags\t\t: fpu vmxish hypervisor\n");
  put(dir, "arm", "processor\t: 0\nFeatures\t: fp asimd\n");
  put(dir, "modules/kvm_pvm/x", "");
  g_autofree char *modules = g_build_filename(dir, "modules", NULL);
  g_autofree char *real = g_build_filename(dir, "real", NULL);
  g_autofree char *none = g_build_filename(dir, "none", NULL);
  g_autofree char *arm = g_build_filename(dir, "arm", NULL);
  g_autofree char *by_module = kvm_software_reason(real, modules);
  g_autofree char *by_flags = kvm_software_reason(none, dir);
  cr_assert(by_module && strstr(by_module, "kvm_pvm"));
  cr_assert(by_flags && strstr(by_flags, "vmx"));
  cr_assert_null(kvm_software_reason(real, dir));
  cr_assert_null(kvm_software_reason(arm, dir));
  clear(dir);
}

Test(virt_template, the_file_behind_an_image_is_read_from_its_header)
{
  g_autofree char *dir = scratch();
  g_autofree char *file = g_build_filename(dir, "over.qcow2", NULL);
  g_autofree char *expected = g_build_filename(dir, "base.qcow2", NULL);
  unsigned char image[96] = {'Q', 'F', 'I', 0xfb, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 80, 0, 0, 0, 10};
  static const char name[] = {'b', 'a', 's', 'e', '.', 'q', 'c', 'o', 'w', '2'};
  memcpy(image + 80, name, sizeof(name));
  cr_assert(g_file_set_contents(file, (const char *)image, sizeof(image), NULL));
  g_autofree char *behind = backing_of_file(file);
  cr_assert(behind && g_str_equal(behind, expected), "%s", behind ? behind : "none");
  struct hub hub = {.uri = (char *)(uintptr_t) "qemu:///session"}; /* of this machine, and no pool has it */
  const struct acting acting = {.hub = &hub, .conn = virConnectOpen("test:///default")};
  g_autoptr(GHashTable) set = backing_closure(&acting, (char *const[]){file, NULL});
  cr_assert(g_hash_table_contains(set, file));
  cr_assert(g_hash_table_contains(set, expected));
  virConnectClose(acting.conn);
  image[19] = 200; /* the name would end behind the file */
  cr_assert(g_file_set_contents(file, (const char *)image, sizeof(image), NULL));
  cr_assert_null(backing_of_file(file));
  image[8] = 0xff; /* an offset past any file */
  cr_assert(g_file_set_contents(file, (const char *)image, sizeof(image), NULL));
  cr_assert_null(backing_of_file(file));
  cr_assert_null(backing_of_file("/nonexistent"));
  clear(dir);
}

/* What NAME in DIR fills a spec with. */
static struct spec *applied(const char *dir, const char *name)
{
  g_autoptr(GError) err = NULL;
  g_autoptr(GPtrArray) list = template_list(dir);
  const struct template *template = template_find(list, name);
  cr_assert_not_null(template, "%s", name);
  cr_assert_null(template->reason, "%s", template->reason);
  struct spec *spec = spec_new();
  cr_assert(template_apply(template, spec, &err), "%s", err ? err->message : "");
  return spec;
}

Test(virt_template, what_is_saved_comes_back_and_stands_alone)
{
  g_autofree char *dir = scratch(), *path = NULL, *second = NULL, *none = NULL;
  g_autoptr(GError) err = NULL;
  struct spec *spec = spec_new();
  cr_assert(spec_set(spec, SPEC_NAME, "x", NULL) && spec_set(spec, SPEC_MEMORY, "24M", NULL) &&
            spec_set(spec, SPEC_BACKEND, "ide", NULL));
  cr_assert(template_save(spec, dir, "mine", false, &path, &err), "%s", err ? err->message : "");
  struct spec *back = applied(dir, "mine");
  cr_assert_str_eq(spec_text(back, SPEC_MEMORY), "24M");
  cr_assert_str_eq(spec_text(back, SPEC_BACKEND), "ide");
  spec_free(back);

  cr_assert_not(template_save(spec, dir, "mine", false, &none, &err));
  cr_assert_eq(err->code, ERROR_REFUSED);
  g_clear_error(&err);
  static const char *const bad[] = {"pulse", "a/b", "..", ""};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    cr_assert_not(template_save(spec, dir, bad[i], true, &none, &err), "%s", bad[i]);
    cr_assert_eq(err->code, ERROR_USAGE);
    g_clear_error(&err);
  }

  /* One made from it goes on when it is gone. */
  cr_assert(spec_set(spec, SPEC_TEMPLATE, "mine", NULL));
  cr_assert(template_save(spec, dir, "second", false, &second, &err), "%s", err ? err->message : "");
  g_remove(path);
  spec_free(applied(dir, "second"));
  spec_free(spec);
  clear(dir);
}

/* "programs" beside the guest's kernel: what it has, and since when that is told. */
Test(virt_template, the_guest_linux_tells_its_programs)
{
  g_autofree char *dir = scratch();
  cr_assert_null(linux_kernel_program(dir, "fio"), "there is no list");
  put(dir, "programs", "fiona 1\nfio fio-3.33\nvirtlens-loops \n");
  g_autofree char *fio = linux_kernel_program(dir, "fio"),
                  *loops = linux_kernel_program(dir, "virtlens-loops");
  cr_assert_str_eq(fio, "fio-3.33");
  cr_assert_str_eq(loops, "");
  cr_assert_null(linux_kernel_program(dir, "fi"));
  clear(dir);
}

Test(virt_template, a_benchmarks_template_is_in_no_list)
{
  g_autoptr(GPtrArray) list = template_list("/nonexistent");
  cr_assert_null(template_find(list, TEMPLATE_BENCH_NAME));
  cr_assert_not_null(template_find(list, "linux"));
}
