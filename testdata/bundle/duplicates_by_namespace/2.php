<?php
namespace B;
class X {}