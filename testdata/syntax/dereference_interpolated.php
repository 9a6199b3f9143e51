<?php "a$b"[0]; "a$b"->c();
