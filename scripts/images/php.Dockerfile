# A stand-in for the official images of PHP, made of Debian's packages, for a machine that
# reaches no registry of images: the same paths, programs and variables. Compilers are there
# as in the original, so that it shows whether they are gone afterwards.
# Composer is there too, since Debian's is more than the one file that is copied.
FROM tilde-test/debian
# hadolint ignore=DL3008 # the release of Debian says which versions
RUN apt-get update -q && apt-get install -y -q --no-install-recommends composer gcc make unzip \
    && rm -rf /var/lib/apt/lists/*
COPY docker-php-entrypoint docker-php-ext-configure docker-php-ext-install php php-fpm /usr/local/bin/
ENV PHP_INI_DIR=/usr/local/etc/php
RUN set -eu; \
    mkdir -p /usr/local/etc/php/conf.d /usr/local/lib/php/extensions /usr/local/etc/php-fpm.d; \
    ln -s /usr/share/php /usr/local/share/php; \
    cp /usr/bin/php8.2 /usr/sbin/php-fpm8.2 /usr/local/bin/; \
    cp /usr/lib/php/20220829/*.so /usr/local/lib/php/extensions/; \
    cp /usr/lib/php/8.2/php.ini-production /usr/local/etc/php/; \
    { echo '[global]'; echo 'daemonize=no'; echo 'include=/usr/local/etc/php-fpm.d/*.conf'; } \
        >/usr/local/etc/php-fpm.conf; \
    { echo 'extension_dir=/usr/local/lib/php/extensions'; echo 'zend_extension=opcache'; } \
        >/usr/local/etc/php/conf.d/00-base.ini; \
    for name in pdo xml dom ctype curl fileinfo iconv mbstring pdo_sqlite phar posix simplexml \
            sqlite3 tokenizer xmlreader xmlwriter; do \
        echo "extension=$name" >>/usr/local/etc/php/conf.d/00-base.ini; \
    done; \
    chmod +x /usr/local/bin/*
