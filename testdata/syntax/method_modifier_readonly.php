<?php
class A { readonly function b() { } }
