<?php
class Ext {}
