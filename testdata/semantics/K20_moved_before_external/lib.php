<?php
class L extends Ext {}
