<?php
public(set) protected(SET) Private(set) public (set) public( set) public(set public(setter) static(set)