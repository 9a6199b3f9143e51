<?php
if (!class_exists('Clock')) { class Clock { const KIND = 'substitute'; } }
