#!/bin/sh
# Looks at an image as production runs it: read-only, without capabilities, as no user of
# this machine. Says what is wrong, and ends with 1 then.
#
#     docker/test.sh IMAGE              with docker
#     ENGINE=podman docker/test.sh IMAGE
set -eu

image=${1:?say which image to test}
engine=${ENGINE:-docker}
extensions='@EXTENSIONS@'
variant=${2:-@VARIANT@}
status=0

wrong() {
    echo "$image: $*" >&2
    status=1
}

# The options under which it has to work.
start() {
    "$engine" run --read-only --tmpfs /tmp@TMPFS@ --cap-drop ALL \
        --security-opt no-new-privileges "$@"
}

inside() {
    start --rm --entrypoint '' "$image" "$@"
}

# What PHP has, and what it must not have.
loaded=$(inside php -r 'echo " ", strtolower(implode(" ", get_loaded_extensions())), " ";')
for extension in $extensions; do
    case $loaded in
    *" $extension "*) ;;
    *) wrong "the extension $extension is not loaded" ;;
    esac
done
case $loaded in
*' xdebug '* | *' pcov '*) wrong 'an extension for development is loaded' ;;
esac
case $loaded in
*' zend opcache '*) ;;
*) wrong 'OPcache is not loaded' ;;
esac
found=$(inside php -r 'echo ini_get("opcache.validate_timestamps"), ini_get("display_errors"), ini_get("expose_php");')
case $found in
*1*) wrong 'PHP is not set up for production' ;;
esac

# Who it is, and what is not there.
if [ "$(inside id -u)" = 0 ]; then
    wrong 'it runs as root'
fi
# shellcheck disable=SC2016 # the shell inside expands it
found=$(inside sh -c 'for tool in @TOOLS@; do if command -v "$tool"; then :; fi; done')
if [ -n "$found" ]; then
    wrong "tools that production does not need: $(echo "$found" | tr '\n' ' ')"
fi
# shellcheck disable=SC2016 # the shell inside expands it
found=$(inside sh -c 'for path in @ABSENT@; do if [ -e "/app/$path" ]; then echo "$path"; fi; done')
if [ -n "$found" ]; then
    wrong "files that do not belong there: $(echo "$found" | tr '\n' ' ')"
fi
if inside sh -c 'touch /app/written' 2>/dev/null; then
    wrong 'the application can write to itself'
fi

# A request.
if [ "$variant" != cli ]; then
    id=$(start --detach "$image")
    trap '"$engine" rm --force "$id" >/dev/null' EXIT
    tries=0
    until "$engine" exec "$id" php /usr/local/share/tilde/healthcheck.php; do
        tries=$((tries + 1))
        if [ "$tries" -ge 30 ]; then
            "$engine" logs "$id" >&2
            wrong 'it does not answer'
            break
        fi
        sleep 1
    done
    if ! "$engine" exec "$id" php /usr/local/share/tilde/healthcheck.php / >/dev/null; then
        "$engine" logs "$id" >&2
        wrong 'a request for / fails'
    fi
fi

if [ "$status" = 0 ]; then
    echo "$image: as it should be"
fi
exit "$status"
