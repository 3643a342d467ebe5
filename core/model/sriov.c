/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/model/sriov.h"

#include <string.h>

const char *const sriov_class_names[SRIOV_CLASSES] = {"other", "NIC", "NVMe"};

void sriov_list_free(struct sriov_list *list)
{
  if (!list)
    return;
  g_ptr_array_unref(list->pfs);
  g_ptr_array_unref(list->host);
  g_free(list);
}

void sriov_check_free(void *data)
{
  struct sriov_check *check = data;
  g_free(check->text);
  g_free(check);
}

void sriov_vf_free(void *data)
{
  struct sriov_vf *vf = data;
  if (vf->checks)
    g_ptr_array_unref(vf->checks);
  g_free(vf->address);
  g_free(vf->driver);
  g_free(vf->holder);
  g_strfreev(vf->mates);
  g_free(vf);
}

void sriov_pf_free(void *data)
{
  struct sriov_pf *pf = data;
  g_free(pf->address);
  g_free(pf->driver);
  g_free(pf->interface);
  g_free(pf->link);
  g_ptr_array_unref(pf->list);
  g_free(pf);
}

const struct sriov_check *sriov_vf_wrong(const struct sriov_vf *vf)
{
  for (guint i = 0; vf->checks && i < vf->checks->len; i++) {
    const struct sriov_check *check = vf->checks->pdata[i];
    if (check->verdict == SRIOV_WRONG)
      return check;
  }
  return NULL;
}

/* lspci leaves the domain out where it is 0. */
bool sriov_is_called(const char *address, const char *name)
{
  return !g_ascii_strcasecmp(address, name) ||
         (g_str_has_prefix(address, "0000:") && !g_ascii_strcasecmp(address + strlen("0000:"), name));
}

const struct sriov_vf *sriov_find(const GPtrArray *pfs, const char *vf, const struct sriov_pf **ret_pf)
{
  for (guint i = 0; i < pfs->len; i++) {
    const struct sriov_pf *pf = pfs->pdata[i];
    if (ret_pf)
      *ret_pf = pf;
    for (guint k = 0; k < pf->list->len; k++)
      if (sriov_is_called(((const struct sriov_vf *)pf->list->pdata[k])->address, vf))
        return pf->list->pdata[k];
  }
  return NULL;
}

const struct sriov_pf *sriov_find_pf(const GPtrArray *pfs, const char *pf)
{
  if (!pf)
    return pfs->len == 1 ? pfs->pdata[0] : NULL;
  for (guint i = 0; i < pfs->len; i++)
    if (sriov_is_called(((const struct sriov_pf *)pfs->pdata[i])->address, pf))
      return pfs->pdata[i];
  return NULL;
}

const struct sriov_vf *sriov_first(const GPtrArray *pfs, enum sriov_class class)
{
  for (guint i = 0; i < pfs->len; i++) {
    const struct sriov_pf *pf = pfs->pdata[i];
    for (guint k = 0; pf->class == class && k < pf->list->len; k++)
      if (!sriov_vf_wrong(pf->list->pdata[k]))
        return pf->list->pdata[k];
  }
  return NULL;
}
