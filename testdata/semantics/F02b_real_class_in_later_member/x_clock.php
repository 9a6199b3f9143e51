<?php
class Clock { const KIND = 'real'; }
