<?php
class A extends
namespace
{}
