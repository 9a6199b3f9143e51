<?php
exit(status: 1);
