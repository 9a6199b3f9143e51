<?php
pcntl_async_signals(true);
pcntl_signal(SIGTERM, fn () => exit(0));
$socket = socket_create(AF_INET, SOCK_STREAM, SOL_TCP);
$queue = msg_get_queue(ftok(__FILE__, 'a'));
msg_remove_queue($queue);
echo get_debug_type($socket), posix_getpid() > 0, "\n";
