<?php
if (!class_exists('Mailer')) { class Mailer { const KIND = 'substitute'; } }
