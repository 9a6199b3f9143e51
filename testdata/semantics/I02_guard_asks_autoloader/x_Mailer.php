<?php
class Mailer { const KIND = 'real'; }
