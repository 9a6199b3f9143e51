<?php namespace A { b(); } namespace { c(); }
