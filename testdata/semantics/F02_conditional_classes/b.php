<?php
if (!class_exists('Hand')) { class Hand {} }
echo Clock::KIND;
