<?php
interface Ext {}
