<?php
class STORE { const KIND = 'memory'; }
