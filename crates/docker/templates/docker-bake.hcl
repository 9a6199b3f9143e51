# All images of a release:
#     export VERSION=1.2.3 REVISION=$(git rev-parse HEAD)
#     export SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
#     docker buildx bake --push
# Tags say the version of the application, that of PHP and the variant: 1.2.3-php8.4-fpm,
# and 1.2-php8.4-fpm and 1-php8.4-fpm for the newest of these. A pre-release such as
# 1.2.3-rc1 has only the first.

variable "IMAGE" {
  default = "@IMAGE@"
}

variable "VERSION" {
  default = "0.0.0"
}

variable "REVISION" {
  default = ""
}

variable "SOURCE" {
  default = ""
}

# Seconds; what is made of it says when the image was created.
variable "SOURCE_DATE_EPOCH" {
  default = "0"
}

group "default" {
  targets = [@TARGETS@]
}

target "app" {
  name = "app-php${replace(item.php, ".", "-")}-${item.variant}"
  matrix = {
    item = [
@ITEMS@
    ]
  }
  context   = "."
  target    = item.variant
  platforms = ["linux/amd64", "linux/arm64"]
  args = {
    PHP_VERSION       = item.php
    PHP_IMAGE         = item.image
    VERSION           = VERSION
    REVISION          = REVISION
    SOURCE            = SOURCE
    CREATED           = timeadd("1970-01-01T00:00:00Z", "${SOURCE_DATE_EPOCH}s")
    SOURCE_DATE_EPOCH = SOURCE_DATE_EPOCH
  }
  tags = [
    for version in length(split("-", VERSION)) > 1 ? [VERSION] : [
      VERSION,
      join(".", slice(split(".", VERSION), 0, 2)),
      split(".", VERSION)[0],
    ] : "${IMAGE}:${version}-php${item.php}-${item.variant}"
  ]
  attest = ["type=provenance,mode=max", "type=sbom"]
}
@NGINX@