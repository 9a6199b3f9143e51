<?php
class Store { const KIND = 'disk'; }
