<?php
public(set