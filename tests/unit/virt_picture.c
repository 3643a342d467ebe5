/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Pictures as hypervisors give them become PNG, which libpng reads back; what is none is refused. */
#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/virt/act/picture.h"
#include "tests/unit/test.h"

#define PIXELS "\n\n\n\x01\x02\x03 \xff#\xfe\xfd\xfc" /* four; the first look like blanks */

/* The PNG that the N BYTES become (free), its length in RET_LENGTH. */
static char *convert(const char *bytes, gsize n, size_t *ret_length, GError **err)
{
  char *png = NULL;
  FILE *out = open_memstream(&png, ret_length);
  cr_assert(out);
  picture_write_png((const guint8 *)bytes, n, out, err);
  fclose(out);
  return png;
}

static void check_pixels(const char *bytes, gsize n)
{
  size_t length = 0;
  GError *fault = NULL;
  char *png = convert(bytes, n, &length, &fault);
  cr_assert_null(fault, "%s", fault ? fault->message : "");
  png_image image = {.version = PNG_IMAGE_VERSION};
  guint8 pixels[12];
  cr_assert(png_image_begin_read_from_memory(&image, png, length), "%s", image.message);
  cr_assert(image.width == 2 && image.height == 2, "%u x %u", image.width, image.height);
  image.format = PNG_FORMAT_RGB;
  cr_assert(png_image_finish_read(&image, NULL, pixels, 0, NULL), "%s", image.message);
  cr_assert_eq(memcmp(pixels, PIXELS, sizeof(pixels)), 0);
  free(png);
}

Test(picture, a_ppm_becomes_png)
{
  static const char plain[] = "P6\n2 2\n255\n" PIXELS, remark[] = "P6# of QEMU\n2 # wide\n 2\n255 " PIXELS;
  check_pixels(plain, sizeof(plain) - 1);
  check_pixels(remark, sizeof(remark) - 1);
}

Test(picture, a_png_goes_as_it_is)
{
  static const char png[] = "\x89PNG\r\n\x1a\nwhatever";
  size_t length = 0;
  char *written = convert(png, sizeof(png), &length, NULL);
  cr_assert_eq(length, sizeof(png));
  cr_assert_eq(memcmp(written, png, sizeof(png)), 0);
  free(written);
}

Test(picture, anything_else_is_refused)
{
  static const char *const rows[] = {
      "",
      "P6",
      "P6\n",
      "P5\n2 2\n255\n" PIXELS,
      "P6\n2 2\n255\nshort",
      "P6\n2 2\n255",
      "P6\n0 2\n255\n" PIXELS,
      "P6\n-2 2\n255\n" PIXELS,
      "P6\n2 2\n65535\n" PIXELS PIXELS,
      "P6\n99999 99999\n255\n" PIXELS,
      "P6\n4294967298 2\n255\n" PIXELS,
      "P6\n2 #",
      "GIF89a",
      "\x89PNG",
  };
  for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
    size_t length = 1;
    GError *fault = NULL;
    char *written = convert(rows[i], strlen(rows[i]), &length, &fault);
    cr_assert(fault && fault->code == ERROR_UNSUPPORTED, "row %zu is taken", i);
    cr_assert_eq(length, 0, "row %zu: something is written", i);
    g_error_free(fault);
    free(written);
  }
}
