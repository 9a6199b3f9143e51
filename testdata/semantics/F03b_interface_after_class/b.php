<?php
interface Rings { }
