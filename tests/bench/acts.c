/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The yardstick of what actions cost: the same calls of libvirt and qemu-img, and nothing else.
 * usage: acts URI FOLDER ROUNDS, where FOLDER holds what virtlens would have made itself:
 *   boot.raw work.raw    what the guest's two disks begin with
 *   guest.xml clone.xml  definitions, with the disks FOLDER/disks/{guest,clone}-{boot,work}.qcow2
 * Prints "ACTION SECONDS" for each. */
#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct acts {
  virConnectPtr conn;
  const char *folder;
  char *guest_xml, *clone_xml;
};

static double now(void)
{
  struct timespec at;
  clock_gettime(CLOCK_MONOTONIC, &at);
  return (double)at.tv_sec + (double)at.tv_nsec / 1e9;
}

static void die(const char *what)
{
  const char *why = virGetLastErrorMessage();
  fprintf(stderr, "acts: %s: %s\n", what, why);
  exit(1);
}

static void must(bool ok, const char *what)
{
  if (!ok)
    die(what);
}

/* FORMAT makes the words, blanks between them. */
__attribute__((format(printf, 1, 2))) static void run(const char *format, ...)
{
  char line[4096], *argv[32], *rest = line;
  int n = 0, status = -1;
  pid_t pid;
  va_list words;
  va_start(words, format);
  vsnprintf(line, sizeof line, format, words);
  va_end(words);
  for (char *word; n < 31 && (word = strsep(&rest, " "));)
    argv[n++] = word;
  argv[n] = NULL;
  must(posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) == 0 && waitpid(pid, &status, 0) == pid &&
           status == 0,
       argv[0]);
}

static char *file_text(const char *folder, const char *name)
{
  char path[1024], *text = NULL;
  size_t room = 0;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE *file = fopen(path, "r");
  must(file && getdelim(&text, &room, '\0', file) > 0, path);
  fclose(file);
  return text;
}

/* ---- the actions ---- */

static virDomainPtr define(const struct acts *acts, const char *xml)
{
  virDomainPtr domain = virDomainDefineXML(acts->conn, xml);
  must(domain != NULL, "define");
  return domain;
}

static virDomainPtr launch(const struct acts *acts)
{
  static const char *const disks[] = {"boot", "work"};
  for (int i = 0; i < 2; i++)
    run("qemu-img convert -q -f raw -O qcow2 %s/%s.raw %s/disks/guest-%s.qcow2", acts->folder, disks[i],
        acts->folder, disks[i]);
  virDomainPtr domain = define(acts, acts->guest_xml);
  must(virDomainCreate(domain) == 0, "start");
  return domain;
}

static void take_snapshot(virDomainPtr domain)
{
  const char *xml = "<domainsnapshot><name>one</name></domainsnapshot>";
  virDomainSnapshotPtr snapshot = virDomainSnapshotCreateXML(domain, xml, 0);
  must(snapshot != NULL, "snapshot");
  virDomainSnapshotFree(snapshot);
}

static void revert(virDomainPtr domain)
{
  virDomainSnapshotPtr snapshot = virDomainSnapshotLookupByName(domain, "one", 0);
  must(snapshot && virDomainRevertToSnapshot(snapshot, 0) == 0, "revert");
  virDomainSnapshotFree(snapshot);
}

static virDomainPtr make_clone(const struct acts *acts)
{
  static const char *const disks[] = {"boot", "work"};
  for (int i = 0; i < 2; i++)
    run("qemu-img create -q -f qcow2 -b %s/disks/guest-%s.qcow2 -F qcow2 -- %s/disks/clone-%s.qcow2",
        acts->folder, disks[i], acts->folder, disks[i]);
  return define(acts, acts->clone_xml);
}

static void delete_guest(const struct acts *acts, virDomainPtr domain, const char *name)
{
  static const char *const disks[] = {"boot", "work"};
  char path[1024];
  must(virDomainUndefineFlags(domain, VIR_DOMAIN_UNDEFINE_MANAGED_SAVE |
                                          VIR_DOMAIN_UNDEFINE_SNAPSHOTS_METADATA |
                                          VIR_DOMAIN_UNDEFINE_NVRAM) == 0,
       "undefine");
  for (int i = 0; i < 2; i++) {
    snprintf(path, sizeof path, "%s/disks/%s-%s.qcow2", acts->folder, name, disks[i]);
    unlink(path);
  }
  virDomainFree(domain);
}

/* ---- the rounds ---- */

static double tell(const char *action, double began)
{
  printf("%s %.6f\n", action, now() - began);
  return now();
}

static void round_of(const struct acts *acts)
{
  double began = now();
  virDomainPtr guest = launch(acts), clone;
  began = tell("launch", began);
  take_snapshot(guest);
  began = tell("snapshot", began);
  revert(guest);
  began = tell("revert", began);
  must(virDomainDestroy(guest) == 0, "force off");
  began = tell("force-off", began);
  clone = make_clone(acts);
  began = tell("clone", began);
  delete_guest(acts, clone, "clone");
  began = tell("delete", began);
  delete_guest(acts, guest, "guest");
  tell("delete", began);
}

static void *event_loop(void *unused)
{
  while (virEventRunDefaultImpl() == 0)
    continue;
  return unused;
}

static void be_silent(void *unused, virErrorPtr error)
{
  (void)unused;
  (void)error;
}

int main(int argc, char **argv)
{
  pthread_t thread;
  if (argc != 4)
    return 2;
  virSetErrorFunc(NULL, be_silent);
  must(virEventRegisterDefaultImpl() == 0 && pthread_create(&thread, NULL, event_loop, NULL) == 0, "events");
  struct acts acts = {virConnectOpen(argv[1]), argv[2], file_text(argv[2], "guest.xml"),
                      file_text(argv[2], "clone.xml")};
  must(acts.conn != NULL, argv[1]);
  for (int i = 0; i < atoi(argv[3]); i++)
    round_of(&acts);
  virConnectClose(acts.conn);
  return 0;
}
