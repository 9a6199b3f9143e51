<?php
namespace A { } namespace { } namespace B\C { }
