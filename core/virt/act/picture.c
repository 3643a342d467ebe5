/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "core/virt/act/picture.h"

#include <errno.h>
#include <png.h>
#include <string.h>

#include "core/base/error.h"

#define SIDE_MAX 16384U
#define PPM_COLOURS 255U

static const guint8 png_magic[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

/* What is not read yet. */
struct rest {
  const guint8 *at, *end;
};

static void skip_blanks(struct rest *rest)
{
  while (rest->at < rest->end && (g_ascii_isspace(*rest->at) || *rest->at == '#'))
    if (*rest->at++ == '#')
      while (rest->at < rest->end && *rest->at != '\n')
        rest->at++;
}

/* The next number of a PPM's header, 1 to LIMIT; 0 when there is none such. */
static unsigned next_number(struct rest *rest, unsigned limit)
{
  unsigned number = 0;
  for (skip_blanks(rest); rest->at < rest->end && g_ascii_isdigit(*rest->at) && number <= limit; rest->at++)
    number = number * 10 + (unsigned)(*rest->at - '0');
  return number <= limit ? number : 0;
}

/* The pixels of the PPM in the N BYTES, borrowed, and its size in IMAGE; NULL when it is none. */
static const guint8 *read_ppm(const guint8 *bytes, gsize n, png_image *image)
{
  struct rest rest = {bytes + 2, bytes + n};
  if (n < 3 || memcmp(bytes, "P6", 2) || !(g_ascii_isspace(bytes[2]) || bytes[2] == '#'))
    return NULL;
  image->width = next_number(&rest, SIDE_MAX);
  image->height = next_number(&rest, SIDE_MAX);
  if (!image->width || !image->height || next_number(&rest, PPM_COLOURS) != PPM_COLOURS)
    return NULL;
  /* Exactly one blank parts the header from the pixels, which may look like blanks. */
  if (rest.at >= rest.end || !g_ascii_isspace(*rest.at))
    return NULL;
  rest.at++;
  return (guint64)(rest.end - rest.at) >= (guint64)image->width * image->height * 3 ? rest.at : NULL;
}

static bool write_failed(const char *why, GError **err)
{
  return error_set(err, ERROR_RESOURCES, NULL, "the picture cannot be written: %s", why);
}

static bool write_as_it_is(const guint8 *bytes, gsize n, FILE *out, GError **err)
{
  return fwrite(bytes, 1, n, out) == n || write_failed(g_strerror(errno), err);
}

bool picture_write_png(const guint8 *bytes, gsize n, FILE *out, GError **err)
{
  if (n > sizeof(png_magic) && !memcmp(bytes, png_magic, sizeof(png_magic)))
    return write_as_it_is(bytes, n, out, err);
  png_image image = {.version = PNG_IMAGE_VERSION, .format = PNG_FORMAT_RGB};
  const guint8 *pixels = read_ppm(bytes, n, &image);
  if (!pixels)
    return error_set(err, ERROR_UNSUPPORTED, NULL, "the picture is neither a whole PPM nor a PNG");
  bool ok = png_image_write_to_stdio(&image, out, 0, pixels, 0, NULL) || write_failed(image.message, err);
  png_image_free(&image);
  return ok;
}
