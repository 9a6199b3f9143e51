<?php
// only this