<?php
class L implements Ext {}
