<?php
public class A { }
