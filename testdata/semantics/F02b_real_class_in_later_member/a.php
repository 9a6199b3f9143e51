<?php
if (!class_exists('Clock', false)) { class Clock { const KIND = 'substitute'; } }
echo Clock::KIND;
