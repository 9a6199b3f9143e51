<?php A{0};
